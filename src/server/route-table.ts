import type { Express } from 'express';

interface Layer {
  readonly route?: { readonly path: string | string[]; readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** A route of the application, in Express notation. */
export interface Route {
  readonly path: string;
  readonly methods: readonly string[];
}

/** All routes, in the order in which they are tried. */
export function routesOf(app: Express): Route[] {
  return layersOf(app).flatMap(({ route }) =>
    route ? [route.path].flat().map((path) => ({ path, methods: methodsOf(route.methods) })) : [],
  );
}

/**
 * The methods for an Allow field (RFC 9110 §10.2.1): what the routes that match this path answer. Empty when none
 * does. `*`, the whole server, has those of all routes.
 */
export function allowedMethods(app: Express, path: string): string[] {
  const layers = layersOf(app).filter((layer) => layer.route && (path === '*' || matches(layer, path)));
  const methods = new Set(layers.flatMap(({ route }) => methodsOf(route!.methods)));
  return methods.size === 0 ? [] : [...methods, 'OPTIONS'];
}

function methodsOf(methods: Readonly<Record<string, boolean>>): string[] {
  const names = Object.keys(methods).map((method) => method.toUpperCase());
  // Express lets a GET handler answer HEAD.
  return names.includes('GET') && !names.includes('HEAD')
    ? ['GET', 'HEAD', ...names.filter((n) => n !== 'GET')]
    : names;
}

function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return true; // the path matched, its percent-encoding is wrong: the handler would have said so
  }
}

function layersOf(app: Express): Layer[] {
  return (app.router as unknown as { stack: Layer[] }).stack;
}
