import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type BuildSpec, EngineError } from '../../../src/docker/port.ts'
import type { Check, Scope } from '../engine-contract.ts'
import { failure, never, refused } from './expect.ts'

export function imageContract(check: Check): void {
  check('an image is removed unless a container needs it; one that is gone is no error', async (scope) => {
    const { engine, create } = scope
    await withContext(scope, async (spec) => {
      const [tag = ''] = spec.tags
      await engine.buildImage(spec, { signal: never, onProgress: () => undefined, onOutput: () => undefined })
      const id = await create('web', { Image: tag })
      await refused(409, engine.removeImage(tag))
      await engine.removeContainer(id, { force: true, volumes: true })
      await engine.removeImage(tag)
      await engine.removeImage(tag)
      assert.is(await engine.inspectImage(tag), undefined)
    })
  })

  check('an image shows its declarations, and is listed by its tag', async ({ engine, declares }) => {
    const image = await engine.inspectImage(declares.Image)
    assert.equal(image?.volumes, ['/data'])
    assert.equal(image?.exposedPorts, ['80/tcp'])
    assert.ok(image?.env.includes('IMAGE=1'))
    assert.is(image?.os, 'linux')
    assert.ok(image?.layers.length)
    assert.equal(image?.config.Env, image?.env)
    assert.ok(image?.tags.includes(declares.Image))
    assert.is((await engine.inspectImage(image?.id ?? ''))?.id, image?.id)
    const listed = (await engine.listImages()).find(({ tags }) => tags.includes(declares.Image))
    assert.is(listed?.id, image?.id)
  })

  check(
    'an image gets a further name, and the time of the last one; to give it a name that it has renews that',
    async (scope) => {
      const { engine, project, declares } = scope
      const { id = '' } = (await engine.inspectImage(declares.Image)) ?? {}
      const name = `flotilla-test-tagged:${project}`
      const taggedAt = async () => Date.parse((await engine.inspectImage(id))?.tagged ?? '')
      try {
        await engine.tagImage(id, name)
        assert.is((await engine.inspectImage(name))?.id, id)
        const first = await taggedAt()
        await engine.tagImage(id, name)
        assert.ok((await taggedAt()) >= first)
        assert.is((await engine.inspectImage(declares.Image))?.id, id)
        await refused(404, engine.tagImage('flotilla-test-nobody:1', name))
      } finally {
        await engine.removeImage(name)
      }
    },
  )

  check('an image that nobody has cannot be pulled', async ({ engine }) => {
    const options = { signal: never, onProgress: () => undefined }
    const error = await failure(engine.pullImage('127.0.0.1:9/flotilla/nothing:1', options))
    assert.instance(error, EngineError)
    assert.ok((error as Error).message)
  })

  check('an image that is not there cannot be pushed, nor one to a registry that is not there', async (scope) => {
    const { engine, project, declares } = scope
    const options = { signal: never, onProgress: () => undefined }
    const name = `127.0.0.1:9/flotilla-test-pushed:${project}`
    assert.instance(await failure(engine.pushImage(name, options)), EngineError)
    await engine.tagImage((await engine.inspectImage(declares.Image))?.id ?? '', name)
    try {
      assert.instance(await failure(engine.pushImage(name, options)), EngineError)
    } finally {
      await engine.removeImage(name)
    }
  })

  check('a build gives an image with its tag, labels and progress', async (scope) => {
    await withContext(scope, async (spec) => {
      const seen: number[] = []
      const options = {
        signal: never,
        onProgress: (_: string, done = 0) => void seen.push(done),
        onOutput: () => undefined,
      }
      const { imageId } = await scope.engine.buildImage(spec, options)
      const image = await scope.engine.inspectImage(spec.tags[0] ?? '')
      assert.is(image?.id, imageId)
      assert.is(image?.labels.role, 'built')
      assert.ok(seen.length > 0)
      const again = await scope.engine.buildImage(spec, options)
      assert.is(again.imageId, imageId)
    })
  })

  check('a build that fails says so', async (scope) => {
    await withContext(scope, async (spec) => {
      const dockerfileInline = `FROM ${scope.runs.Image}\nRUN exit 7\n`
      const lines: string[] = []
      const options = { signal: never, onProgress: () => undefined, onOutput: (line: string) => void lines.push(line) }
      const error = await failure(scope.engine.buildImage({ ...spec, dockerfileInline }, options))
      assert.instance(error, EngineError)
      assert.match((error as Error).message, 'exit 7')
      assert.ok(lines.length > 0)
      assert.is(await scope.engine.inspectImage(spec.tags[0] ?? ''), undefined)
    })
  })

  check('a build is aborted by its signal', async (scope) => {
    await withContext(scope, async (spec) => {
      const stop = new AbortController()
      const reason = new Error('enough')
      const dockerfileInline = `FROM ${scope.runs.Image}\nRUN sleep 60\n`
      const options = { signal: stop.signal, onProgress: () => stop.abort(reason), onOutput: () => undefined }
      assert.is(await failure(scope.engine.buildImage({ ...spec, dockerfileInline }, options)), reason)
    })
  })
}

export async function withContext(
  { project, runs, engine }: Scope,
  body: (spec: BuildSpec) => Promise<void>,
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'flotilla-context-'))
  try {
    await writeFile(join(context, 'Dockerfile'), `FROM ${runs.Image}\nCOPY greeting /\n`)
    await writeFile(join(context, 'greeting'), project)
    const tag = `flotilla-test-built:${project}`
    assert.is(await engine.inspectImage(tag), undefined)
    const spec = { context, dockerfile: 'Dockerfile', tags: [tag], args: {}, labels: { role: 'built' }, cacheFrom: [] }
    await body({ ...spec, extraHosts: [], noCache: false, pull: false })
  } finally {
    await engine.removeImage(`flotilla-test-built:${project}`)
    await rm(context, { recursive: true, force: true })
  }
}
