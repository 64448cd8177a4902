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
  /** The flag may be given several times; the converter then gets a list of texts. */
  readonly isRepeatable?: boolean;
  /** The value is a path: a relative one is taken from the folder of who says it, and `~` is the home folder. */
  readonly isPath?: boolean;
  /** How the value is shown to people, where it holds what must not be; such a value stands in no message either. */
  readonly print?: (value: never) => unknown;
}

export interface SettingDeclaration extends SettingOptions {
  readonly name: string;
  /** The long flag in camel case: what the command line calls the value. */
  readonly flagName: string;
  /** `PLAYHEAD_` and the name in capitals: logLevel is PLAYHEAD_LOG_LEVEL. */
  readonly variable: string;
}

const declarations = new Map<object, SettingDeclaration[]>();

/** Declares a field of the configuration class as a setting that flags, environment and file can set. */
export function Setting(options: SettingOptions): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    const variable = `PLAYHEAD_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const [, long = ''] = /--(?:no-)?([a-z-]+)/.exec(options.flag) ?? [];
    const flagName = long.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const declaration = { ...options, name, flagName, variable };
    declarations.set(target, [...(declarations.get(target) ?? []), declaration]);
  };
}

/** The settings a configuration class declares, in the order of its fields. */
export function settingsOf(configClass: abstract new () => object): readonly SettingDeclaration[] {
  return declarations.get(configClass.prototype as object) ?? [];
}
