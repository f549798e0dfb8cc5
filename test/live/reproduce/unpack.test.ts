import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineTransfer } from '../../../src/backend/engine/transfer/transfer.ts'
import type { Engine } from '../../../src/docker/port.ts'
import { contentId } from '../../../src/lockfile/content-id.ts'
import { collect } from '../../docker/contract/expect.ts'
import { type Ran, succeeded } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { type Scene, scenes } from '../scene.ts'

const scene = await scenes()
const NEVER = new AbortController().signal

/** What a volume may hold that other tools lose. */
const ODD = `cd /kept; chmod 1770 .; chown 12:34 .; mkdir closed; echo x > closed/f; chmod 0 closed
echo text > plain; ln plain again; ln -s ../.. up; chown 7:8 plain; : > "$(printf 'a\\nb \\377')"`

async function withImage(engine: Engine, name: string, body: () => Promise<void>): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'flotilla-context-'))
  try {
    await writeFile(join(context, 'Dockerfile'), `FROM ${SCRATCH_IMAGE}\nCOPY Dockerfile /copied\nENV NAME=${name}\n`)
    const spec = {
      context,
      dockerfile: 'Dockerfile',
      tags: [name],
      args: {},
      labels: {},
      cacheFrom: [],
      extraHosts: [],
    }
    const options = { signal: NEVER, onProgress: () => undefined, onOutput: () => undefined }
    await engine.buildImage({ ...spec, noCache: false, pull: false }, options)
    await body()
  } finally {
    // After a failure a container may still need it.
    await engine.removeImage(name).catch(() => undefined)
    await rm(context, { recursive: true, force: true })
  }
}

const stackOf = (image: string) => ({
  services: {
    web: {
      ...{ image, init: true, command: ['sleep', '1000'], secrets: ['key'] },
      environment: { TOKEN: '${LAB_TOKEN:?}' },
      volumes: ['data:/kept', './work:/work'],
    },
  },
  volumes: { data: { labels: { mine: '1' } } },
  secrets: { key: { file: './key.txt' } },
})

async function contents({ engine, project }: Scene): Promise<Buffer> {
  const place = { project, image: SCRATCH_IMAGE }
  return Buffer.concat(await collect(engineTransfer(engine).volumes.out(`${project}_data`, place, NEVER)))
}

const idOf = async (engine: Engine, image: string) => {
  const found = await engine.inspectImage(image)
  return found && contentId(found)
}

scene('a packed stack comes back without its images, volumes and secrets, and up works with none given', (scene) =>
  withImage(scene.engine, `flotilla-test-packed:${scene.project}`, async () => {
    const { engine, project, folder, run } = scene
    const image = `flotilla-test-packed:${project}`
    const well = async (ran: Promise<Ran>) => succeeded(await ran)
    await scene.stack(stackOf(image))
    await scene.write('.env', 'LAB_TOKEN=Zq-token-of-the-test\n')
    await scene.write('key.txt', 'Zq-key-of-the-test')
    await scene.write('work/notes.txt', 'notes')
    await well(run('up', '-d'))
    await scene.inside('web-1', 'sh', '-ec', ODD)
    const [volume, content] = [await contents(scene), await idOf(engine, image)]
    await well(run('pack', '-o', 'lab.tar'))
    assert.not((await readFile(join(folder, 'lab.tar'))).includes('Zq-'))
    assert.is((await run('unpack', 'lab.tar', '-o', 'early')).code, 1)
    await well(run('down', '-v'))
    await engine.removeImage(image)
    await well(run('unpack', 'lab.tar', '-o', 'other'))
    assert.is(await idOf(engine, image), content)
    assert.ok((await contents(scene)).equals(volume))
    const other = (...args: string[]) => run('-f', 'other/compose.yaml', ...args)
    await well(other('up', '-d', '--locked'))
    assert.is(await scene.inside('web-1', 'cat', '/kept/plain'), 'text')
    assert.is(await scene.inside('web-1', 'cat', '/work/notes.txt'), 'notes')
    assert.match(await scene.inside('web-1', 'cat', '/run/secrets/key'), /^[0-9a-f]{32}$/)
    assert.match(await scene.inside('web-1', 'sh', '-c', 'echo $TOKEN'), /^[0-9a-f]{32}$/)
    assert.equal(
      (await readdir(folder)).filter((name) => /^\.flotilla|^early/.test(name)),
      [],
    )
    await well(other('down', '-v'))
  }),
)

test.run()
