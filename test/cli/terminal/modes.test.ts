import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { colouredTerminal, isAscii, modeOf } from '../../../src/cli/terminal/modes.ts'
import type { Output } from '../../../src/view/terminal.ts'

const output = (isTTY: boolean): Output => ({
  write() {},
  isTTY,
  columns: () => 80,
  rows: () => 24,
  colours: isTTY ? 3 : 0,
})
const clock = { now: () => 0, sleep: async () => {} }
const hostOf = (isTTY: boolean, env: Record<string, string>) => ({
  env,
  terminal: { out: output(isTTY), err: output(isTTY), clock },
})

const MODES: [progress: string | undefined, env: Record<string, string>, isTTY: boolean, mode: string][] = [
  [undefined, {}, true, 'tree'],
  [undefined, {}, false, 'plain'],
  [undefined, { TERM: 'dumb' }, true, 'plain'],
  [undefined, { COMPOSE_PROGRESS: 'json' }, true, 'json'],
  [undefined, { COMPOSE_PROGRESS: '' }, true, 'tree'],
  [undefined, { BUILDKIT_PROGRESS: 'plain' }, true, 'plain'],
  [undefined, { BUILDKIT_PROGRESS: 'rawjson' }, true, 'json'],
  [undefined, { BUILDKIT_PROGRESS: 'fancy' }, true, 'tree'],
  [undefined, { BUILDKIT_PROGRESS: 'constructor' }, true, 'tree'],
  [undefined, { BUILDKIT_PROGRESS: 'plain', COMPOSE_PROGRESS: 'quiet' }, true, 'quiet'],
  ['json', { BUILDKIT_PROGRESS: 'plain' }, true, 'json'],
  ['quiet', { COMPOSE_PROGRESS: 'json' }, true, 'quiet'],
  ['tty', {}, false, 'plain'],
  ['tree', {}, false, 'plain'],
  ['tree', {}, true, 'tree'],
  ['tree', { COMPOSE_ANSI: 'never' }, true, 'plain'],
  ['tree', { TERM: 'dumb' }, true, 'plain'],
  ['auto', {}, false, 'plain'],
  [undefined, { CI: 'true' }, true, 'plain'],
  ['auto', { CI: '1' }, true, 'plain'],
  [undefined, { CI: 'false' }, true, 'tree'],
  [undefined, { CI: '' }, true, 'tree'],
  ['tree', { CI: 'true' }, true, 'tree'],
  [undefined, { CI: 'true', COMPOSE_PROGRESS: 'tty' }, true, 'tree'],
  [undefined, { CI: 'true', COMPOSE_PROGRESS: 'json' }, true, 'json'],
]

for (const [progress, env, isTTY, mode] of MODES) {
  test(`--progress ${progress}, ${JSON.stringify(env)}, ${isTTY ? 'terminal' : 'pipe'}: ${mode}`, () => {
    assert.is(modeOf({ progress: progress as 'auto' | undefined, ansi: undefined }, hostOf(isTTY, env)), mode)
  })
}

const AS_COMPOSE: [progress: 'plain' | 'tree' | 'json' | 'quiet', dryRun: boolean, mode: string][] = [
  ['plain', false, 'compose'],
  ['plain', true, 'compose'],
  ['tree', false, 'tree'],
  ['tree', true, 'compose'],
  ['json', false, 'compose-json'],
  ['json', true, 'compose-json'],
  ['quiet', true, 'quiet'],
]

for (const [progress, dryRun, mode] of AS_COMPOSE) {
  test(`under the name compose, --progress ${progress}${dryRun ? ' --dry-run' : ''} is ${mode}`, () => {
    const host = { ...hostOf(true, {}), plugin: 'compose' }
    assert.is(modeOf({ progress, ansi: undefined, dryRun }, host), mode)
  })
}

test('--ansi never is for whom escape sequences are no use', () => {
  assert.is(modeOf({ progress: 'tree', ansi: 'never' }, hostOf(true, {})), 'plain')
  assert.is(modeOf({ progress: undefined, ansi: 'never' }, hostOf(true, {})), 'plain')
})

test('an unknown COMPOSE_PROGRESS is a usage problem', () => {
  assert.throws(
    () => modeOf({ progress: undefined, ansi: undefined }, hostOf(true, { COMPOSE_PROGRESS: 'fancy' })),
    /COMPOSE_PROGRESS/,
  )
})

const COLOURS: [
  ansi: 'auto' | 'always' | 'never' | undefined,
  env: Record<string, string>,
  isTTY: boolean,
  coloured: boolean,
][] = [
  [undefined, {}, true, true],
  [undefined, {}, false, false],
  [undefined, { NO_COLOR: '1' }, true, false],
  [undefined, { NO_COLOR: '' }, true, true],
  [undefined, { TERM: 'dumb' }, true, false],
  [undefined, { COMPOSE_ANSI: 'never' }, true, false],
  [undefined, { COMPOSE_ANSI: 'always' }, false, true],
  ['always', { NO_COLOR: '1' }, false, true],
  ['never', { COMPOSE_ANSI: 'always' }, true, false],
  ['auto', { COMPOSE_ANSI: 'always' }, false, false],
]

for (const [ansi, env, isTTY, coloured] of COLOURS) {
  test(`--ansi ${ansi}, ${JSON.stringify(env)}, ${isTTY ? 'terminal' : 'pipe'}: ${coloured ? 'colours' : 'none'}`, () => {
    const { out, err } = colouredTerminal(hostOf(isTTY, env), { ansi })
    assert.equal([out.colours > 0, err.colours > 0], [coloured, coloured])
  })
}

const LOCALES: [env: Record<string, string>, ascii: boolean][] = [
  [{}, false],
  [{ LANG: 'C' }, true],
  [{ LANG: 'POSIX' }, true],
  [{ LANG: 'C.UTF-8' }, false],
  [{ LANG: 'C.utf8' }, false],
  [{ LANG: 'de_DE.UTF-8@euro' }, false],
  [{ LANG: 'de_DE.ISO-8859-1' }, true],
  [{ LANG: 'en_US' }, false],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, true],
  [{ LANG: 'C', LC_CTYPE: 'en_US.UTF-8' }, false],
  [{ LANG: 'en_US.UTF-8', LC_ALL: '' }, false],
]

for (const [env, ascii] of LOCALES) {
  test(`${JSON.stringify(env)}: ${ascii ? 'ASCII alone' : 'all characters'}`, () => {
    assert.is(isAscii(env), ascii)
  })
}

test.run()
