import { UP } from '../../src/backend/intent.ts'

/** A command line and its files. */
export interface HostileCase {
  files: Record<string, string>
  argv: string[]
  /** 1 unless it says otherwise. */
  code?: number
  /** A name in the error where there is no line to name. */
  names?: RegExp
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const lines = (count: number, line: (index: number) => string) => numbers(count).map(line).join('')
const STACK = 'services: { a: { image: x } }\n'
const given = (text: string, ...argv: string[]): HostileCase => ({
  files: { 'compose.yaml': text },
  argv: argv.length > 0 ? argv : ['config'],
})
const one = (key: string, value: string, ...argv: string[]) =>
  given(`services:\n  a:\n    image: x\n    ${key}: ${value}\n`, ...argv)
const dotenv = (text: string): HostileCase => ({ files: { 'compose.yaml': STACK, '.env': text }, argv: ['config'] })

/** What may take time that grows with the size, but not with its square. */
export const GROWING: Readonly<Record<string, (count: number) => HostileCase>> = {
  'expressions that never end, in items': (count) => one('command', `[${lines(count, () => '"${A:-", ')}]`),
  'expressions that never end, in lines': (count) => one('command', `\n${lines(count, () => '      - "${A:-"\n')}`),
  'an expression that never ends': (count) => one('command', `"${'${A:-'.repeat(count)}"`),
  'an expression that nests': (count) => one('command', `"${'${A:-'.repeat(count)}${'}'.repeat(count)}"`),
  'a sequence that is not closed': (count) => one('command', `[${lines(count, (at) => `"${at}", `)}`),
  'brackets that are not closed': (count) => given(`x-a: ${'[a, '.repeat(count)}\n${STACK}`),
  'braces that are not closed, in lines': (count) => given(`${lines(count, (at) => `x-${at}: {a: [\n`)}${STACK}`),
  'quotes that are not closed': (count) => given(`x-a:\n${lines(count, () => '  - "a\n')}${STACK}`),
  'tabs that indent': (count) => given('services:\n\ta:\n'.repeat(count)),
  'lists that are less indented than their brackets': (count) =>
    given(`services:\n  a:\n    image: x\n    command: [\n${lines(count, () => '"a",\n')}]\n    nonsense: 1\n`),
  'unknown keys': (count) => given(`services:\n  a:\n    image: x\n${lines(count, (at) => `    k${at}: 1\n`)}`),
  'unknown keys that resemble a known one': (count) =>
    given(`services:\n  a:\n    image: x\n${lines(count, (at) => `    environmen${at}: 1\n`)}`),
  'unknown services': (count) =>
    given(`services:\n${lines(count, (at) => `  s${at}: { image: x, depends_on: [u${at}] }\n`)}`),
  'keys that are there twice': (count) => given(`services:\n  a:\n${lines(count, () => '    image: x\n')}`),
  'unset variables that are required': (count) =>
    one('environment', `\n${lines(count, (at) => `      - A=\${V${at}:?}\n`)}`),
  'lines that are no assignments': (count) => dotenv('A B=1\n'.repeat(count)),
  'assignments that never end': (count) => dotenv('A=${A:-\n'.repeat(count)),
  'a size of digits': (count) => one('mem_limit', `"${'1'.repeat(count)}x"`),
  'a time of digits': (count) => one('stop_grace_period', `"${'1.'.repeat(count)}"`),
  'a port of colons': (count) => one('ports', `["${':'.repeat(count)}80"]`),
  'a plan of ports': (count) => ({ ...one('ports', `["1-${count * 4}:1-${count * 4}"]`, 'plan'), code: 2 }),
  'a plan of containers': (count) => ({ ...one('scale', `${count}`, 'plan'), code: 2 }),
}

/** What is refused at once, however much it asks for. */
export const REFUSED: Readonly<Record<string, HostileCase>> = {
  'variables that double each other': dotenv(
    `V0=0123456789\n${lines(60, (at) => `V${at + 1}=\${V${at}}\${V${at}}\n`)}`,
  ),
  'an env file that doubles itself': {
    files: {
      'compose.yaml': 'services: { a: { image: x, env_file: e.env } }\n',
      'e.env': `A=0123456789\n${'A=$A$A\n'.repeat(60)}`,
    },
    argv: ['config'],
  },
  'a large variable that is used often': {
    files: {
      '.env': `B=${'x'.repeat(1_000_000)}\n`,
      'compose.yaml': `services:\n  a:\n    image: x\n    environment:\n${lines(500, (at) => `      V${at}: "\${B}"\n`)}`,
    },
    argv: ['config'],
  },
  'aliases that multiply': given(
    `x-0: &a0 [x,x,x,x,x,x,x,x,x]\n${lines(11, (at) => `x-${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]\n`)}${STACK}`,
  ),
  'merge keys that multiply': given(
    `x-0: &a0 {k0: x}\n${lines(1000, (at) => `x-${at + 1}: &a${at + 1} {<<: [*a${at},*a${at}], k${at + 1}: x}\n`)}${STACK}`,
  ),
  'deep brackets': given(`x-a: ${'['.repeat(50_000)}${']'.repeat(50_000)}\n${STACK}`),
  'deep blocks': given(`x-a:\n${lines(2000, (at) => `${' '.repeat(at + 1)}a:\n`)}${STACK}`),
  'a billion containers': one('scale', '1000000000', 'plan'),
  'a billion replicas': one('deploy', '{replicas: 1000000000}', 'plan'),
  'a billion containers by flag': { ...given(STACK, 'plan', '--scale', 'a=1000000000'), names: /a=1000000000/ },
  'a billion containers by scale': { ...given(STACK, '--dry-run', 'scale', 'a=1000000000'), names: /a=1000000000/ },
  'a million containers of many services': given(
    `services:\n${lines(100, (at) => `  s${at}: { image: x, scale: 10000 }\n`)}`,
    'plan',
  ),
  'millions of ports': given(`services:\n${lines(500, (at) => `  s${at}: { image: x, ports: ["1-65535"] }\n`)}`),
  'ranges of ports of one service': one('ports', `[${'"1-65535:1-65535", '.repeat(200)}]`),
  'millions of ports, not interpolated': given(
    `services:\n${lines(500, (at) => `  s${at}: { image: x, ports: ["1-65535"] }\n`)}`,
    'config',
    '--no-interpolate',
  ),
  'services that extend each other and add up': given(
    `services:\n${lines(3000, (at) => `  s${at}: { image: x, ${at > 0 ? `extends: s${at - 1}, ` : ''}environment: [A${at}=x] }\n`)}`,
  ),
  'files that include each other twice': {
    files: {
      'compose.yaml': 'include: [p0.yaml]\n',
      ...Object.fromEntries(
        numbers(40).map((at) => [
          `p${at}.yaml`,
          `include: [p${at + 1}.yaml, ./p${at + 1}.yaml]\nservices: {s${at}: {image: x}}\n`,
        ]),
      ),
    },
    argv: ['config'],
  },
  'an escape in a key': one('"im\\e[31mag\\x9b1me"', 'x'),
  'a break in a key': given('services: {a: {image: x, "foo\\rbar": 1}}\n'),
  'an escape in a path': { ...one('env_file', '"no\\e[31mpe\\a.env"'), names: /nope|no.*pe/ },
  'an escape in an argument': { ...given(STACK, 'plan', 'no\x1b[31mpe'), names: /no.*pe/ },
  'an escape in a flag': { ...given(STACK, 'up', '--no\x1b[31mpe'), names: /no.*pe/ },
  'an escape in a command': { ...given(STACK, 'no\x1b[31mpe'), names: /no.*pe/ },
  'an escape in a project': { ...given(STACK, '-p', 'no\x1b[31mpe', 'plan'), names: /no.*pe/ },
  'an escape in .env': dotenv('A\x1b[31mB=1\n'),
}

const SAVED = {
  flotillaPlan: 2,
  flotilla: 'x',
  made: '2026-01-01T00:00:00.000Z',
  origins: { files: ['/none/compose.yaml'], profiles: [], envFiles: [], projectName: 'p' },
  intent: UP,
  salt: 'a',
  digests: { model: 'a', facts: 'b', plan: 'c' },
  plan: { steps: [] },
}

/** Texts of saved plans. */
export const PLANS: readonly string[] = [
  ...[
    '',
    'null',
    '[]',
    '3',
    '"a"',
    '{"flotillaPlan":1}',
    '{"flotillaPlan":2}',
    '{"flotillaPlan":1e9}',
    '{"__proto__":{"intent":{}}}',
  ],
  ...[
    {},
    [],
    null,
    3,
    { kind: 'down' },
    { kind: 'up' },
    { kind: 'up', services: 'a' },
    { kind: 'up', services: [1] },
  ].map((intent) => JSON.stringify({ ...SAVED, intent })),
  ...[{ plan: null }, { plan: [] }, { plan: { steps: [null, 3] } }, { made: {} }, { salt: '' }, { digests: null }].map(
    (part) => JSON.stringify({ ...SAVED, ...part }),
  ),
  ...[{ projectDirectory: 3 }, { projectName: 'A B' }, { files: ['\0'] }, { files: [] }, { files: {} }].map((part) =>
    JSON.stringify({ ...SAVED, origins: { ...SAVED.origins, ...part } }),
  ),
]

/** Where a file may be named; a device never ends. */
export function namingFile(file: string): Readonly<Record<string, HostileCase>> {
  return {
    'a stack file': { files: {}, argv: ['-f', file, 'config'] },
    include: given(`include: [${file}]\n${STACK}`),
    extends: one('extends', `{file: ${file}, service: b}`),
    env_file: one('env_file', file),
    label_file: one('label_file', file),
    'an env file of an include': {
      files: { 'compose.yaml': `include: [{path: o.yaml, env_file: ${file}}]\n`, 'o.yaml': STACK },
      argv: ['config'],
    },
    '--env-file': { files: { 'compose.yaml': STACK }, argv: ['--env-file', file, 'config'] },
    'a saved plan': { files: {}, argv: ['apply', file] },
    'a secret': {
      ...given(`services: { a: { image: x, secrets: [s] } }\nsecrets: { s: { file: ${file} } }\n`, 'plan'),
      code: 2,
    },
  }
}
