import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { loadFiles, problemsIn } from './support.ts'

function sensitiveIn(files: Record<string, string>, environment: Record<string, string> = {}) {
  const { sensitive } = unwrap(loadFiles(files, { environment }))
  return { values: [...sensitive.values].sort(), paths: [...sensitive.paths].sort() }
}

const service = (attribute: string) => ({ 'stack.yaml': `services: {a: {image: nginx, ${attribute}}}` })

const CASES: [
  title: string,
  files: Record<string, string>,
  environment: Record<string, string>,
  values: string[],
  paths: string[],
][] = [
  [
    'a key that names a secret',
    service('environment: {DB_PASSWORD: hunter22, MODE: verbose}'),
    {},
    ['hunter22'],
    ['services.a.environment.DB_PASSWORD'],
  ],
  [
    'a list of variables',
    service('environment: [API_TOKEN=abcdef]'),
    {},
    ['abcdef'],
    ['services.a.environment.API_TOKEN'],
  ],
  ['a short value', service('environment: {PASSWORD: short}'), {}, [], ['services.a.environment.PASSWORD']],
  [
    'build arguments and labels',
    service('build: {context: ., args: {KEY: aaaaaa}}, labels: {auth.token: bbbbbb}'),
    {},
    ['aaaaaa', 'bbbbbb'],
    ['services.a.build.args.KEY', 'services.a.labels.auth.token'],
  ],
  [
    'a variable that names a secret',
    service('command: [run, "--x=${MY_SECRET}"]'),
    { MY_SECRET: 'tell-nobody' },
    ['--x=tell-nobody', 'tell-nobody'],
    ['services.a.command[1]'],
  ],
  [
    'a variable from an env file',
    { ...service('env_file: a.env'), 'a.env': 'DB_PASSWORD=fromfile\n' },
    {},
    ['fromfile'],
    ['services.a.environment.DB_PASSWORD'],
  ],
  [
    'a password in a URL',
    service('environment: {DATABASE: "postgres://me:s3cr3t%21@db/x"}'),
    {},
    ['s3cr3t!', 's3cr3t%21'],
    ['services.a.environment.DATABASE'],
  ],
  ['a URL without one', service('environment: {DATABASE: "postgres://me@db/x"}'), {}, [], []],
  [
    'a secret file',
    { 'stack.yaml': 'services: {a: {image: x, secrets: [s]}}\nsecrets: {s: {file: s.txt}}', 's.txt': 'from-a-file\n' },
    {},
    ['from-a-file'],
    [],
  ],
  [
    'a secret of several lines',
    {
      'stack.yaml': 'services: {a: {image: x}}\nsecrets: {s: {file: s.txt}}',
      's.txt': '-----BEGIN KEY-----\nMIIabc\nxyz\n',
    },
    {},
    ['MIIabc'],
    [],
  ],
  [
    'a secret from the environment',
    { 'stack.yaml': 'services: {a: {image: x}}\nsecrets: {s: {environment: V}}' },
    { V: 'from-env' },
    ['from-env'],
    [],
  ],
  [
    'a password that is also a name',
    service('environment: {POSTGRES_USER: postgres, POSTGRES_PASSWORD: postgres}'),
    {},
    [],
    ['services.a.environment.POSTGRES_PASSWORD'],
  ],
  [
    'secrets in commands',
    service('command: [serve, --requirepass, literal-1, "--token=literal-2", --auth=true, --password-file, /run/pass]'),
    {},
    ['literal-1', 'literal-2'],
    [],
  ],
  [
    "a shell's line in a health test",
    service(`healthcheck: {test: [CMD-SHELL, "PGPASSWORD=literal-1 psql; curl --api-key literal-2; echo $$PASSWORD"]}`),
    {},
    ['literal-1', 'literal-2'],
    [],
  ],
  ['a short word of a command', service('command: [serve, --token, abc]'), {}, [], []],
  [
    'a header',
    service('healthcheck: {test: [CMD, curl, -H, "Authorization: Bearer literal-1"]}'),
    {},
    ['literal-1'],
    [],
  ],
  [
    'pairs within a value',
    service(
      `environment: {CONN: "Server=db;Password=literal-1;X=y", JSON: '{"password": "literal-2"}', URL: "http://x?api_key=literal-3&a=b"}`,
    ),
    {},
    ['literal-1', 'literal-2', 'literal-3'],
    ['services.a.environment.CONN', 'services.a.environment.JSON', 'services.a.environment.URL'],
  ],
  [
    'names that are one word',
    service(
      'environment: {NGROK_AUTHTOKEN: literal-1, TS_AUTHKEY: literal-2, DBPASSWORD: literal-3, TIKTOKEN: open-1, KEY_PATH: /open}',
    ),
    {},
    ['literal-1', 'literal-2', 'literal-3'],
    [
      'services.a.environment.DBPASSWORD',
      'services.a.environment.NGROK_AUTHTOKEN',
      'services.a.environment.TS_AUTHKEY',
    ],
  ],
  ['a file that holds a secret', service('environment: {PASSWORD_FILE: /run/secrets/pw}'), {}, [], []],
]

for (const [title, files, environment, values, paths] of CASES) {
  test(`secrets found in ${title}`, () => assert.equal(sensitiveIn(files, environment), { values, paths }))
}

/** Attributes of a service with a mistake, each with `hunter2secret` as a secret. */
const MISTAKES = [
  'environment: DB_PASSWORD=hunter2secret',
  'environment: "DB_PASSWORD:hunter2secret"',
  'build: {context: ., args: MY_TOKEN=hunter2secret}',
  'environment: {DB_PASSWORD: [hunter2secret], B: {a: "${API_TOKEN}"}}',
  'environment: [{DB_PASSWORD=hunter2secret: 1}]',
  'environment: ["DB_PASSWORD=${hunter2secret"]',
  'environment: {DB_PASSWORD: "a${hunter2secret"}',
  'labels: {T: "${API_TOKEN:-hunter2secret"}',
  'labels: {T: "${X:?not ${API_TOKEN}}"}',
  'DB_PASSWORD=hunter2secret: 1',
  'mem_limit: "${API_TOKEN}"',
  'mem_limit: "${A_TOKEN:-hunter2secret}"',
  'restart: "${API_TOKEN}"',
  'pull_policy: "${API_TOKEN}"',
  'scale: "${API_TOKEN}"',
  'stop_grace_period: "${API_TOKEN}"',
  'ports: ["${API_TOKEN}:80", "80:${API_TOKEN}", "80/${API_TOKEN}"]',
  'volumes: ["${API_TOKEN}:", "a:/b:${API_TOKEN}"]',
  'command: "run DB_PASSWORD=hunter2secret; ls"',
  'command: "run ${API_TOKEN}; ls"',
  'extra_hosts: ["${API_TOKEN}"]',
  'healthcheck: {test: ["${API_TOKEN}"]}',
  'depends_on: ["${API_TOKEN}"]',
  'env_file: "${API_TOKEN}"',
]

for (const mistake of MISTAKES) {
  test(`no message about it repeats a secret: ${mistake}`, () => {
    const problems = problemsIn(loadFiles(service(mistake), { environment: { API_TOKEN: 'hunter2secret' } }))
    assert.ok(problems.length > 0)
    const reported = problems.flatMap(({ message, hint, related }) => [
      message,
      hint,
      related?.map((each) => each.message),
    ])
    assert.not.match(reported.flat().join('\n'), /hunter2|cret/)
  })
}

test.run()
