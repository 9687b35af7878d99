import { createRequire } from 'node:module';

/** Runs Lua as Argo CD does: a script that sees the global `obj` and returns a table. Only the base library is there. */

/** The part of fengari (Lua in JavaScript, without types of its own) that is used here. */
interface Fengari {
  readonly lua: {
    readonly LUA_OK: number;
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_getfield(state: State, index: number, name: Uint8Array): number;
    lua_tojsstring(state: State, index: number): string | null;
    lua_settop(state: State, index: number): void;
  };
  readonly lauxlib: {
    luaL_newstate(): State;
    luaL_requiref(state: State, name: Uint8Array, open: unknown, global: number): void;
    luaL_loadstring(state: State, code: Uint8Array): number;
  };
  readonly lualib: { readonly luaopen_base: unknown };
  readonly to_luastring: (text: string) => Uint8Array;
}
type State = object;

const { lua, lauxlib, lualib, to_luastring: bytes } = createRequire(import.meta.url)('fengari') as Fengari;

/**
 * @param obj becomes the global `obj`
 * @returns texts of the named fields of the table that the script returns
 * @throws Error with Lua's message
 */
export function runLua<Name extends string>(
  script: string,
  obj: unknown,
  fields: readonly Name[],
): Record<Name, string | null> {
  const state = lauxlib.luaL_newstate();
  lauxlib.luaL_requiref(state, bytes('_G'), lualib.luaopen_base, 1);
  lua.lua_settop(state, 0);
  const loaded = lauxlib.luaL_loadstring(state, bytes(`obj = ${literal(obj)}\n${script}`));
  if (loaded !== lua.LUA_OK || lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) {
    throw new Error(lua.lua_tojsstring(state, -1) ?? 'Lua failed without a message');
  }
  const entries = fields.map((name): [Name, string | null] => {
    lua.lua_getfield(state, 1, bytes(name));
    return [name, lua.lua_tojsstring(state, -1)];
  });
  return Object.fromEntries(entries) as Record<Name, string | null>;
}

/** JSON as a Lua expression. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (Array.isArray(value)) return `{${value.map(literal).join(', ')}}`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, member]) => `[${quoted(key)}] = ${literal(member)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

/** Lua knows decimal escapes for bytes, and no `\u0000` as JSON writes them. */
const quoted = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;
