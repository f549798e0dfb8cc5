import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../src/backend/docker/labels.ts'
import { failedSteps, succeeded } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'
import { nothingToChange, type Scene, scenes } from '../scene.ts'

const check = await scenes()
const plugin = await composePlugin()

const UP = ['--progress', 'json', 'up', '-d']
const HOME = '/var/lib/postgresql/data'
const PASSWORD = 'the-first-password'

/** As the images of PostgreSQL begin: one file holds the version, and data of another version end it. */
const ENTRYPOINT = `#!/bin/sh
[ -e "$PGDATA/PG_VERSION" ] || { mkdir -p "$PGDATA"; echo "$PG_MAJOR" > "$PGDATA/PG_VERSION"; }
[ "$(cat "$PGDATA/PG_VERSION")" = "$PG_MAJOR" ] || { echo "database files are incompatible with server"; exit 1; }
exec sleep 1000
`

/** An image that pretends to be PostgreSQL of that version; `body` gets its name. */
async function withPostgres(scene: Scene, majors: string[], body: (names: string[]) => Promise<void>): Promise<void> {
  const names = majors.map((major) => `${scene.project}-postgres:${major}`)
  try {
    for (const [i, name] of names.entries()) await buildPostgres(scene, name, majors[i] ?? '')
    await body(names)
  } finally {
    for (const { id } of Object.values(await scene.containers()))
      await scene.engine.removeContainer(id, { force: true, volumes: true })
    for (const name of names) await scene.engine.removeImage(name)
  }
}

async function buildPostgres({ engine }: Scene, name: string, major: string): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'flotilla-postgres-'))
  const lines = [
    `FROM ${SCRATCH_IMAGE}`,
    'COPY docker-entrypoint.sh /bin/',
    `ENV PG_MAJOR=${major} PGDATA=${HOME}`,
    `VOLUME ${HOME}`,
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    'CMD ["postgres"]',
  ]
  try {
    await writeFile(join(context, 'docker-entrypoint.sh'), ENTRYPOINT, { mode: 0o755 })
    await writeFile(join(context, 'Dockerfile'), `${lines.join('\n')}\n`)
    const spec = { context, dockerfile: 'Dockerfile', tags: [name], args: {}, labels: {}, cacheFrom: [] }
    await engine.buildImage(
      { ...spec, extraHosts: [], noCache: false, pull: false },
      { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, onOutput: () => undefined },
    )
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

function stackOf(image: string, db: object = {}): object {
  const service = { image, init: true, restart: 'unless-stopped', volumes: [`data:${HOME}`] }
  return { services: { db: { ...service, ...db } }, volumes: { data: null } }
}

const PLACES: [string, string[], RegExp][] = [
  ['a volume', [`data:${HOME}`], /volume "[\w-]+_data" holds data of PostgreSQL 15/],
  ['a directory', [`./pg:${HOME}`], /directory "\/[^"]+\/pg" holds data of PostgreSQL 15/],
  ['an anonymous volume', [], /volume "[0-9a-f]{64}" holds data of PostgreSQL 15/],
]

for (const [where, volumes, said] of PLACES) {
  check(`data in ${where}: a server that cannot read them does not get them, and the old one goes on`, (scene) =>
    withPostgres(scene, ['15', '17'], async ([old = '', other = '']) => {
      const { stack, run, containers, inside } = scene
      await stack(stackOf(old, { volumes }))
      succeeded(await run(...UP))
      const before = await containers()
      await stack(stackOf(other, { volumes }))
      const ran = await run(...UP)
      assert.is(ran.code, 1)
      const [{ problem } = { problem: undefined }, ...more] = failedSteps(ran)
      assert.equal([problem?.code, more.length], ['database-version', 0])
      assert.match(problem?.message ?? '', said)
      const after = await containers()
      assert.equal(Object.keys(after), ['db-1'])
      assert.equal(after['db-1']?.id, before['db-1']?.id)
      assert.equal(after['db-1']?.startedAt, before['db-1']?.startedAt)
      assert.is(after['db-1']?.spec.HostConfig.RestartPolicy?.Name, 'unless-stopped')
      assert.is(await inside('db-1', 'cat', `${HOME}/PG_VERSION`), '15')
      await stack(stackOf(old, { volumes, environment: { REV: '2' } }))
      succeeded(await run(...UP))
      assert.is(await inside('db-1', 'cat', `${HOME}/PG_VERSION`), '15')
    }),
  )
}

check('a first start on a volume that is there is refused too, and goes on with the image that fits', (scene) =>
  withPostgres(scene, ['15', '17'], async ([old = '', other = '']) => {
    const { stack, run, containers } = scene
    await stack(stackOf(old))
    succeeded(await run(...UP))
    succeeded(await run('down'))
    await stack(stackOf(other))
    for (let round = 0; round < 2; round++) {
      assert.equal(
        failedSteps(await run(...UP)).map(({ problem }) => problem.code),
        ['database-version'],
      )
      assert.is((await containers())['db-1']?.startedAt, undefined)
    }
    await stack(stackOf(old))
    succeeded(await run(...UP))
    assert.is((await containers())['db-1']?.state, 'running')
  }),
)

check('a warning about a changed password does not contain it', (scene) =>
  withPostgres(scene, ['17'], async ([image = '']) => {
    const { stack, run, engine, project } = scene
    const withPassword = (password: string) => stackOf(image, { environment: { POSTGRES_PASSWORD: password } })
    await stack(withPassword(PASSWORD))
    succeeded(await run(...UP))
    const label = (await engine.inspectVolume(`${project}_data`))?.labels[OURS.initials] ?? ''
    assert.match(label, 'POSTGRES_PASSWORD')
    assert.not.match(label, PASSWORD)
    const quiet = await run('plan')
    assert.is(quiet.code, 0)
    assert.not.match(quiet.stdout + quiet.stderr, 'POSTGRES_PASSWORD')
    await stack(withPassword('another-password'))
    for (const words of [['plan'], ['up', '-d'], ['up', '-d'], ['plan']]) {
      const { stdout, stderr } = await run(...words)
      assert.match(stdout + stderr, `POSTGRES_PASSWORD changed since volume "${project}_data" was initialised`)
      for (const secret of [PASSWORD, 'another-password']) assert.not.match(stdout + stderr, secret)
    }
  }),
)

const withCompose: typeof check = 'skip' in plugin ? (name) => test.skip(name) : check

withCompose('docker compose keeps a volume with a record, and asks for nothing', (scene) =>
  withPostgres(scene, ['17'], async ([image = '']) => {
    const { stack, run, folder, env, engine, project, inside } = scene
    await stack(stackOf(image, { environment: { POSTGRES_PASSWORD: PASSWORD } }))
    succeeded(await run(...UP))
    await inside('db-1', 'touch', `${HOME}/kept`)
    const before = await engine.inspectVolume(`${project}_data`)
    await compose('words' in plugin ? plugin.words : [], ['up', '-d'], { cwd: folder, env })
    assert.equal(await engine.inspectVolume(`${project}_data`), before)
    assert.is(await inside('db-1', 'ls', `${HOME}/kept`), `${HOME}/kept`)
    await nothingToChange(run)
  }),
)

test.run()
