import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonLines, type Ran, succeeded } from '../../support/cli.ts'
import { compose, composePlugin } from '../compose.ts'
import { soundTemplates } from '../look-templates.ts'
import { type Scene, type SceneTest, STAYS, scenes, shell } from '../scene.ts'

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const found = await scenes()
const check: SceneTest = 'skip' in plugin ? (name) => test.skip(name) : found
const words = 'words' in plugin ? plugin.words : []

const STACK = {
  services: {
    web: {
      ...STAYS,
      scale: 2,
      ports: ['80', '127.0.0.1::53/udp'],
      expose: ['7000-7002'],
      labels: { tier: '<front> & "back"' },
      volumes: ['data:/data', '/tmp:/a-rather-long-path-for-a-mount:ro'],
    },
    db: { ...STAYS, volumes: ['data:/data', 'own:/own'] },
    job: shell('exit 3'),
  },
  volumes: { data: { labels: { kept: 'yes' } }, own: null },
}

interface Said {
  code: number
  out: string
}

/** What both tools say, of one project at the same time. */
async function both(scene: Scene, line: string | string[]): Promise<{ ours: Said; theirs: Said }> {
  const args = typeof line === 'string' ? line.split(' ') : line
  const [ours, theirs] = await Promise.all([
    scene.run(...args).then(({ code, stdout }: Ran) => ({ code: code ?? -1, out: stdout })),
    compose(words, args, { cwd: scene.folder, env: { ...scene.env } }).then(
      (out) => ({ code: 0, out }),
      ({ code, stdout }) => ({ code, out: stdout }),
    ),
  ])
  return { ours, theirs }
}

async function same(scene: Scene, lines: readonly string[], shape: (out: string) => unknown): Promise<void> {
  for (const line of lines) {
    const { ours, theirs } = await both(scene, line)
    assert.is(ours.code, theirs.code, line)
    assert.equal(shape(ours.out), shape(theirs.out), line)
  }
}

const sortedLines = (out: string) => out.trim().split('\n').sort()
const cells = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/))
const parts = (text: string) => text.split(',').sort()

/** Without what differs from one moment to the next, and from one run of Compose to the next: its lists have no order. */
function rowsOf(out: string): unknown[] {
  const rows = jsonLines(out).map(({ Engine: _, RunningFor, Status, Labels, Mounts, ...rest }) => ({
    ...rest,
    Labels: parts(Labels),
    Mounts: parts(Mounts ?? ''),
    Status: Status?.replace(/\d+ \w+|Less than a second|About a minute/, ''),
    RunningFor: typeof RunningFor,
  }))
  return rows.sort((a, b) => (a.Name < b.Name ? -1 : 1))
}

check('ps, port, images, volumes, top, ls, stats and events say what docker compose says', async (scene) => {
  await scene.stack(STACK)
  succeeded(await scene.run('up', '-d'))
  await same(
    scene,
    ['ps --format json', 'ps -a --format json --no-trunc', 'ps -a --format json job', 'volumes --format json'],
    rowsOf,
  )
  await same(
    scene,
    [
      ...['ps -q', 'ps -aq', 'ps --services', 'ps -a --services', 'ps --status exited --services', 'ps -q db'],
      ...['ps --filter status=exited --services', 'ps --filter name=x', 'ps --filter status'],
      ...[
        'port web 80',
        'port --index 2 web 80',
        'port --protocol udp web 53',
        'port web 81',
        'port nosuch 80',
        'port db 80',
      ],
      ...[
        'port --index 7 web 80',
        'port web x',
        'volumes -q',
        'volumes -q db',
        'volumes -q web',
        'images -q',
        'images -q db',
      ],
      `ls -q --filter name=^${scene.project}$`,
      ...['logs --no-log-prefix job', 'logs --index 2 web', 'logs --index 9 web', 'logs --index 1'],
    ],
    sortedLines,
  )
  await same(scene, [`ls --format json --filter name=${scene.project}`], JSON.parse)
  await same(scene, [`ls -a --filter name=${scene.project}`, 'top db', 'top'], cells)
  await same(scene, ['volumes'], (out) =>
    cells(out)
      .map((row) => row.join(' '))
      .sort(),
  )
  await same(scene, ['ps', 'images', 'stats --no-stream'], (out) => cells(out)[0])
  await same(scene, ['images --format json'], (out) =>
    JSON.parse(out)
      .map(({ Created: _, ...rest }: Record<string, string>) => rest)
      .sort((a: Record<string, string>, b: Record<string, string>) =>
        (a.ContainerName ?? '') < (b.ContainerName ?? '') ? -1 : 1,
      ),
  )
  await same(scene, ['stats --no-stream --format json'], (out) => jsonLines(out).map((row) => Object.keys(row).sort()))
  await same(scene, ['stats --no-stream --format json', 'stats --no-stream --no-trunc --format json'], (out) =>
    jsonLines(out)
      .map(({ Container, ID, Name }) => ({ Container, ID, Name }))
      .sort((a, b) => (a.Name < b.Name ? -1 : 1)),
  )
  await same(
    scene,
    ['stats -a --no-stream --format {{.Name}}', 'stats --no-stream --format {{.Name}} web'],
    sortedLines,
  )
  // At its end, Compose fails with "EOF", and may leave out the last events; a busy engine forgets the first.
  await scene.inside('web-1', 'true')
  const now = Math.floor(Date.now() / 1000)
  const { ours, theirs } = await both(scene, `events --json --since ${now - 300} --until ${now + 1}`)
  const [mine = [], others = []] = [ours, theirs].map(({ out }) =>
    jsonLines(out).map((each) => [eventKey(each), each] as const),
  )
  for (const [, { attributes }] of mine) assert.equal(attributes, withoutOurs(attributes))
  const reported = new Map(others)
  const common = mine.filter(([key]) => reported.has(key))
  assert.equal([ours.code, common.length > 0], [0, true])
  for (const [key, each] of common) {
    const theirs = reported.get(key)
    assert.equal(each, { ...theirs, attributes: withoutOurs(theirs?.attributes) })
  }
})

/** Compose leaves out its own labels of `events`, and knows none of ours. */
function withoutOurs(attributes: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('io.flotilla.')))
}

function eventKey({ id, action, time }: Record<string, string>): string {
  return [id, action, time].join(' ')
}

const SEED = 20_261_130
const BETWEEN = ' @@ '

check('templates print what docker compose prints', async (scene) => {
  await scene.stack(STACK)
  succeeded(await scene.run('up', '-d'))
  const print = async (templates: string[]) => {
    const { ours, theirs } = await both(scene, ['ps', '--format', templates.join(BETWEEN), 'web'])
    return [ours, theirs].map(({ code, out }) => (code === 0 ? out.split(BETWEEN) : [`fails with ${code}`]))
  }
  const templates = soundTemplates(120, SEED)
  for (let at = 0; at < templates.length; at += 40) {
    const some = templates.slice(at, at + 40)
    const [ours = [], theirs = []] = await print(some)
    for (const [index, text] of theirs.entries()) {
      assert.is(ours[index], text, `${some[index % 39]} of row ${Math.floor(index / 39)}`)
    }
  }
  const tables = [
    '{{.Name}}',
    '{{.Service}}\\t{{.Name}}\\t{{.State}}',
    '{{upper .Name}}\\t{{.Label "a.b-c_d"}}x',
    '{{.ID}}',
  ]
  const wrong = ['{{.Nope}}', '{{nope}}', '{{', '{{if .Name}}', '{{index .Publishers 99}}', '{{len 3}}', '{{.Name 1}}']
  const formats = [...tables.map((each) => `table ${each}`), 'raw', 'table', 'tablex{{.Name}}\\t{{.State}}', ...wrong]
  for (const format of formats) {
    const { ours, theirs } = await both(scene, ['ps', '--format', format, 'db'])
    const trimmed = ({ out, code }: Said) => [code, format === 'table' ? cells(out)[0] : withoutLabels(out)]
    assert.equal(trimmed(ours), trimmed(theirs), format)
  }
})

function withoutLabels(out: string): string {
  return out.replace(/^labels: .*$/m, '').replace(/^(status: Up) .*$/m, '$1')
}

test.run()
