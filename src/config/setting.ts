import 'reflect-metadata';

/** Turns a flag's or variable's text, or a value from YAML, into the setting's type. @throws Error saying what is expected. */
export type Converter = (raw: unknown) => unknown;

export interface SettingOptions {
  /** As commander writes it, e.g. `-p, --port <number>`. */
  readonly flag: string;
  /** One line for `--help`; the doc comment of the field is the manual. */
  readonly help: string;
  readonly convert: Converter;
  /** The variable of the old Flask server that means the same. */
  readonly legacyVariable?: string;
}

export interface SettingDeclaration extends SettingOptions {
  readonly name: string;
  /** `PLAYHEAD_` and the name in capitals: logLevel is PLAYHEAD_LOG_LEVEL. */
  readonly variable: string;
}

const declarations = new Map<object, SettingDeclaration[]>();

/** Declares a field of the configuration class as a setting that flags, environment and file can set. */
export function Setting(options: SettingOptions): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    const variable = `PLAYHEAD_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    declarations.set(target, [...(declarations.get(target) ?? []), { ...options, name, variable }]);
  };
}

/** The settings a configuration class declares, in the order of its fields. */
export function settingsOf(configClass: abstract new () => object): readonly SettingDeclaration[] {
  return declarations.get(configClass.prototype as object) ?? [];
}
