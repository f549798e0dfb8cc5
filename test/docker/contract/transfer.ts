import * as assert from 'uvu/assert'
import { EngineError } from '../../../src/docker/port.ts'
import { nameless } from '../../support/nameless.ts'
import type { Check } from '../engine-contract.ts'
import { collect, failure, never, refused } from './expect.ts'
import { withContext } from './images.ts'

export function transferContract(check: Check): void {
  check('a saved image comes back without its name, with its layers and configuration', async (scope) => {
    const { engine } = scope
    await withContext(scope, async (spec) => {
      const [tag = ''] = spec.tags
      await engine.buildImage(spec, { signal: never, onProgress: () => undefined, onOutput: () => undefined })
      const before = await engine.inspectImage(tag)
      const archive = Buffer.concat(await collect(await engine.saveImages([tag], never)))
      await engine.removeImage(tag)
      const { ids, names } = await engine.loadImages(nameless(once(archive)), { signal: never })
      assert.equal([ids.length, names], [1, []])
      assert.is(await engine.inspectImage(tag), undefined)
      const [id = ''] = ids
      const after = await engine.inspectImage(id)
      assert.equal([after?.layers, after?.created, after?.labels], [before?.layers, before?.created, before?.labels])
      assert.ok((after?.layers ?? []).length > 0 && after?.config !== undefined)
      await engine.tagImage(id, tag)
      assert.is((await engine.inspectImage(tag))?.id, id)
      await engine.removeImage(tag)
      assert.is(await engine.inspectImage(id), undefined)
    })
  })

  check(
    'several images are saved into one archive; one that is not there is refused',
    async ({ engine, runs, declares }) => {
      const archive = Buffer.concat(await collect(await engine.saveImages([runs.Image, declares.Image], never)))
      const { names } = await engine.loadImages(once(archive), { signal: never })
      assert.equal(new Set(names.map(short)), new Set([runs.Image, declares.Image].map(short)))
      await refused(404, engine.saveImages(['flotilla-test-nobody:1'], never).then(collect))
    },
  )

  check('an archive that breaks off, or is none, is an error', async ({ engine, declares }) => {
    const archive = Buffer.concat(await collect(await engine.saveImages([declares.Image], never)))
    for (const bytes of [archive.subarray(0, 1024), Buffer.from('x'.repeat(2000))])
      assert.instance(await failure(engine.loadImages(once(bytes), { signal: never })), EngineError)
  })

  check('a save and a load end with their signal', async ({ engine, declares }) => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    assert.is(await failure(engine.saveImages([declares.Image], stop.signal)), stop.signal.reason)
    assert.is(await failure(engine.loadImages(once(Buffer.alloc(0)), { signal: stop.signal })), stop.signal.reason)
  })

  check('a volume is measured by the bytes in it', async ({ engine, project, create, runs }) => {
    const id = await create('web', runs, { HostConfig: { Binds: [`${project}:/kept`] } })
    assert.ok(((await engine.volumeSizes(never))[project] ?? -1) >= 0)
    const before = (await engine.volumeSizes(never))[project] ?? 0
    await engine.putFiles(id, '/kept', [
      { path: 'file', content: Buffer.alloc(100_000, 'x'), mode: 0o600, uid: 0, gid: 0 },
    ])
    const after = (await engine.volumeSizes(never))[project] ?? 0
    assert.ok(after >= before + 100_000, `${before}, ${after}`)
    await engine.removeContainer(id, { force: true, volumes: true })
    await engine.removeVolume(project)
  })

  check("what was written to a container's own layer is listed", async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    const changed = async () =>
      new Map((await engine.containerChanges(id, never)).map((each) => [each.path, each.kind]))
    assert.is((await changed()).get('/own'), undefined)
    await engine.putFiles(id, '/', [{ path: 'own', content: Buffer.from('x'), mode: 0o600, uid: 0, gid: 0 }])
    assert.is((await changed()).get('/own'), 'added')
    await refused(404, engine.containerChanges('flotilla-nothing', never))
  })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Some engines report names with their registry. */
function short(name: string): string {
  return name.replace(/^docker\.io\/(library\/)?/, '')
}
