import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { casesIn } from '../../scripts/lib/corpus.mjs'
import { unwrap } from '../../src/diagnostics/checked.ts'
import type { Span } from '../../src/diagnostics/span.ts'
import { explain } from '../../src/load/explain/explain.ts'
import type { Explained } from '../../src/load/explain/explained.ts'
import { settingsOf } from '../../src/load/explain/variables.ts'
import { realDisk } from '../../src/load/file/disk.ts'
import { memoryDisk } from '../../src/load/file/memory-disk.ts'
import type { LoadInput } from '../../src/load/input.ts'
import { load } from '../../src/load/load.ts'

const FILES = {
  '/w/compose.yaml': `x-env: &common
  LEVEL: info
  MODE: slow
services:
  base:
    image: base:1
    environment: { MODE: base, ZONE: "\${ZONE:-eu}" }
    labels: { team: blue }
  web:
    extends: { service: base }
    image: "nginx:\${TAG:-1}"
    env_file: [a.env, b.env]
    label_file: l.txt
    environment:
      <<: *common
      MODE: \${MODE}
      HOME:
    ports: ["80:80", "\${PORT:-81}:81"]
    command: [a, b]
    volumes: ["./x:/x", "./y:/y"]
  listed:
    image: i
    environment: ["A=1", "B=\${B-none}"]
include: [sub/inc.yaml]
`,
  '/w/o.yaml': `services:
  web:
    environment: { MODE: "\${MODE:-fast}" }
    ports: !override ["90:80"]
    command: [c]
    volumes: ["./z:/x"]
    labels: !reset null
  listed: { environment: { A: 2 } }
`,
  '/w/sub/inc.yaml': 'services: { inc: { image: inc } }\n',
  '/w/a.env': 'MODE=env-a\nA=1\nLEVEL=debug\n',
  '/w/b.env': 'A=2\n',
  '/w/l.txt': 'team=red\n',
  '/w/.env': 'TAG=2\nMODE=dotenv\n',
}

const INPUT: LoadInput = {
  files: ['/w/compose.yaml', '/w/o.yaml'],
  profiles: [],
  envFiles: [],
  environment: { MODE: 'shell', HOME: '/root' },
  workingDirectory: '/w',
  options: { trace: true },
}

function explainIn(files: Record<string, string>, input: LoadInput, path: string) {
  const disk = memoryDisk(files)
  const loaded = unwrap(load(input, disk))
  assert.ok(loaded.trace)
  return explain({ ...loaded, trace: loaded.trace ?? assert.unreachable() }, path, settingsOf(input, disk, '/w'))
}

/** A line for everything that is said of a path. */
function reported({ value, source, variables, lost }: Explained): string[] {
  return [
    `${JSON.stringify(value)} ${source.how}${source.at ? ` ${place(source.at)}` : ''}`,
    ...source.through.map(({ what, at }) => `through ${what} ${place(at)}`),
    ...variables.map(({ name, from, lost: others }) => [name, from, ...others.map((each) => each.from)].join(' ')),
    ...lost.map(({ at, value: other, reason }) => `lost ${JSON.stringify(other)} ${place(at)}: ${reason}`),
  ]
}

function place({ file, line, col }: Span): string {
  return `${file.replace('/w/', '')}:${line}:${col}`
}

const TABLE: Record<string, string[]> = {
  'services.web.environment.MODE': [
    '"shell" written o.yaml:3:26',
    'MODE shell /w/.env:2',
    'lost "shell" compose.yaml:16:13: a later file wins',
    'lost "base" compose.yaml:7:26: a later file wins',
    'lost "env-a" a.env:1:1: the stack file takes precedence over any env file',
  ],
  'services.web.environment.LEVEL': [
    '"info" written compose.yaml:2:10',
    'through << compose.yaml:15:7',
    'lost "debug" a.env:3:1: the stack file takes precedence over any env file',
  ],
  'services.web.environment.A': [
    '"2" env file b.env:1:1',
    'through env_file compose.yaml:12:23',
    'lost "1" a.env:2:1: a later env file wins',
  ],
  'services.web.environment.ZONE': [
    '"eu" extends compose.yaml:7:38',
    'through extends base compose.yaml:10:14',
    'ZONE default',
  ],
  'services.web.environment.HOME': ['"/root" written compose.yaml:17:12', 'HOME shell'],
  'services.web.image': [
    '"nginx:2" written compose.yaml:11:12',
    'TAG /w/.env:1',
    'lost "base:1" compose.yaml:6:12: the service\'s own value takes precedence over the one that it extends',
  ],
  'services.web.ports[0].published': ['"90" written o.yaml:4:23'],
  'services.web.volumes[0]': [
    '{"type":"bind","source":"/w/z","target":"/x","bind":{"create_host_path":true}} written o.yaml:6:15',
    'lost "./x:/x" compose.yaml:20:15: a later item replaces this one',
  ],
  'services.web.command': [
    '["c"] written o.yaml:5:14',
    'lost "b" compose.yaml:19:18: a later list replaces this one',
    'lost "a" compose.yaml:19:15: a later list replaces this one',
  ],
  'services.web.ports': [
    '[{"mode":"ingress","protocol":"tcp","target":80,"published":"90"}] written o.yaml:4:22',
    'lost "${PORT:-81}:81" compose.yaml:18:22: replaced entirely by `!override`',
    'lost "80:80" compose.yaml:18:13: replaced entirely by `!override`',
  ],
  'services.listed.environment.A': ['"2" written o.yaml:8:31', 'lost "1" compose.yaml:23:19: a later file wins'],
  'services.listed.environment.B': ['"none" written compose.yaml:23:26', 'B default'],
  'services.inc.image': ['"inc" written sub/inc.yaml:1:27', 'through include compose.yaml:24:11'],
  'networks.default.name': ['"w_default" default'],
  name: ['"w" default'],
}

for (const [path, expected] of Object.entries(TABLE)) {
  test(`${path} is explained`, () => {
    assert.equal(reported(unwrap(explainIn(FILES, INPUT, path))), expected)
  })
}

test('a removed value is explained with what removed it, and what it was', () => {
  const files = { ...FILES, '/w/compose.yaml': FILES['/w/compose.yaml'].replace('    label_file: l.txt\n', '') }
  const explained = unwrap(explainIn(files, INPUT, 'services.web.labels.team'))
  assert.equal(reported(explained), [
    'undefined removed o.yaml:7:5',
    'lost "blue" compose.yaml:8:21: removed by `!reset`',
  ])
})

test('a missing path is reported with the keys that are there', () => {
  const result = explainIn(FILES, INPUT, 'services.web.environment.MOD')
  assert.not(result.ok)
  if (result.ok) return
  const [problem] = result.diagnostics
  assert.match(problem?.message ?? '', 'services.web.environment.MOD')
  assert.is(problem?.hint, 'did you mean "MODE"?')
})

test('every value of every file of the corpus is explained by the place that it comes from', () => {
  const disk = realDisk()
  let explained = 0
  for (const { cwd, args, env, stdin } of casesIn(join(import.meta.dirname, 'corpus'))) {
    const files = args.flatMap((arg, index) =>
      args[index - 1] === '-f' ? [arg === '-' ? '-' : resolve(cwd, arg)] : [],
    )
    const input = {
      ...INPUT,
      files,
      environment: env,
      workingDirectory: cwd,
      home: '/home/lab',
      stdin,
      projectDirectory: cwd,
    }
    const result = load(input, disk)
    if (!result.ok || !result.value.trace) continue
    const whole = unwrap(explain({ ...result.value, trace: result.value.trace }, 'services', () => []))
    for (const leaf of leavesOf(whole)) {
      assert.ok(leaf.source.how === 'default' || leaf.source.at, leaf.path)
      const again = unwrap(explain({ ...result.value, trace: result.value.trace }, leaf.path, () => []))
      assert.equal(again, leaf)
      explained++
    }
  }
  assert.ok(explained > 1000, `${explained} values`)
})

function leavesOf(explained: Explained): Explained[] {
  if (explained.children.length > 0) return explained.children.flatMap(leavesOf)
  return explained.value === undefined ? [] : [explained]
}

test.run()
