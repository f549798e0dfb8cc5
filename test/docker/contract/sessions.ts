import * as assert from 'uvu/assert'
import type { EngineStream, InteractiveExec, OutputChunk } from '../../../src/docker/port.ts'
import type { Check } from '../engine-contract.ts'
import { collect, failure, hasEnded, never, refused } from './expect.ts'

const CAT: InteractiveExec = { cmd: ['cat'], stdin: true, tty: false, attached: true }

export function sessionContract(check: Check): void {
  check(
    "a command's input reaches its output, and the command sees the end of input",
    async ({ engine, create, runs }) => {
      const id = await create('web', runs)
      await engine.startContainer(id)
      const exec = await engine.createExec(id, CAT, never)
      const stream = await engine.attachExec(exec, { tty: false }, never)
      const output = collect(stream.output)
      await stream.write(Buffer.from('one '))
      await stream.write(Buffer.from('two'))
      stream.end()
      assert.is(textOf(await output, 'stdout'), 'one two')
      assert.equal(await engine.inspectExec(exec, never), { running: false, hasBegun: true, exitCode: 0 })
    },
  )

  check('a command that cannot be run has never begun, and the reason is all its output', async (scope) => {
    const { engine, create, runs, missing } = scope
    const id = await create('web', runs)
    await engine.startContainer(id)
    for (const tty of [false, true]) {
      const spec = { ...CAT, cmd: missing.Cmd ?? ['nothing'], tty }
      const exec = await engine.createExec(id, spec, never)
      const stream = await engine.attachExec(exec, { tty }, never)
      assert.match(textOf(await collect(stream.output), 'stdout'), /nothing.*\r\n$/)
      const { running, hasBegun, exitCode } = await engine.inspectExec(exec, never)
      assert.equal([running, hasBegun], [false, false])
      assert.ok(exitCode === 126 || exitCode === 127, `${exitCode}`)
    }
  })

  check('a stream that is closed on this side ends quietly', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    const stream = await talking(engine.attachExec(await engine.createExec(id, CAT, never), { tty: false }, never))
    stream.close()
    assert.equal(await collect(stream.output), [])
  })

  check('a stream whose signal aborts rejects with its reason', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    const stop = new AbortController()
    const exec = await engine.createExec(id, CAT, stop.signal)
    const stream = await engine.attachExec(exec, { tty: false }, stop.signal)
    const output = failure(collect(stream.output))
    stop.abort(new Error('enough'))
    assert.is(((await output) as Error).message, 'enough')
  })

  check('commands need a container that runs', async ({ engine, create, runs }) => {
    await refused(409, engine.createExec(await create('web', runs), CAT, never))
    await refused(404, engine.createExec('no-such-container', CAT, never))
    await refused(404, engine.attachContainer('no-such-container', { stdin: false, tty: false }, never))
  })

  check('attached before the start: every word, and the end, of a container', async ({ engine, create, prints }) => {
    const id = await create('web', prints)
    const ended = await engine.waitContainer(id, 'next-exit', never)
    const stream = await engine.attachContainer(id, { stdin: false, tty: false }, never)
    const output = collect(stream.output)
    await engine.startContainer(id)
    const said = await output
    assert.equal([textOf(said, 'stdout'), textOf(said, 'stderr')], ['out 1\nout 2\n', 'err 1\n'])
    assert.is(await ended.exitCode(), 0)
    await hasEnded(engine, id)
  })

  check(
    'a container with AutoRemove is removed at its end, and its exit code is reported',
    async ({ engine, create, fails }) => {
      const id = await create('web', fails, { HostConfig: { AutoRemove: true } })
      const ended = await engine.waitContainer(id, 'removed', never)
      await engine.startContainer(id)
      assert.is(await ended.exitCode(), 3)
      assert.is(await engine.inspectContainer(id), undefined)
    },
  )
}

async function talking(opening: Promise<EngineStream>): Promise<EngineStream> {
  const stream = await opening
  await stream.write(Buffer.from('x'))
  return { ...stream, output: nothingOf(stream.output) }
}

/** Whether what was written is answered before the end is a matter of luck. */
async function* nothingOf(output: AsyncIterable<OutputChunk>): AsyncGenerator<OutputChunk> {
  for await (const chunk of output) if (textOf([chunk], 'stdout') !== 'x') yield chunk
}

function textOf(chunks: OutputChunk[], name: OutputChunk['stream']): string {
  return Buffer.concat(chunks.filter(({ stream }) => stream === name).map(({ payload }) => payload)).toString()
}
