import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildkitProgress } from '../../../../src/docker/adapter/builder/buildkit-progress.ts'
import { classicProgress } from '../../../../src/docker/adapter/builder/classic-progress.ts'
import { failedLine } from '../../../../src/docker/adapter/builder/failed-line.ts'
import { messages, readFields, text, writeFields } from '../../../../src/docker/adapter/builder/grpc/protobuf.ts'
import type { BuildMessage, BuildProgress } from '../../../../src/docker/adapter/builder/progress.ts'

type Made = (options: { onProgress(...report: unknown[]): void; onOutput(line: string): void }) => BuildProgress

function reported(make: Made, lines: BuildMessage[]) {
  const reports: unknown[][] = []
  const output: string[] = []
  const progress = make({ onProgress: (...report) => reports.push(report), onOutput: (line) => output.push(line) })
  for (const line of lines) progress.add(line)
  return { reports, output, progress }
}

/** A length-delimited field. */
function field(number: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content)
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7]
  return Buffer.concat([Buffer.of((number << 3) | 2, ...length), bytes])
}

const TIME = Buffer.of(8, 1)
const trace = (...parts: Buffer[]) => ({ id: 'moby.buildkit.trace', aux: Buffer.concat(parts).toString('base64') })
const vertex = (digest: string, name: string, ...more: Buffer[]) =>
  field(1, Buffer.concat([field(1, digest), field(3, name), ...more]))
const log = (digest: string, message: string) => field(3, Buffer.concat([field(1, digest), field(4, message)]))
const STARTED = field(5, TIME)
const COMPLETED = Buffer.concat([STARTED, field(6, TIME)])

test('BuildKit: the step that runs with its last line, and how many are finished', () => {
  const { reports, output, progress } = reported(buildkitProgress, [
    trace(vertex('a', '[1/2] FROM x'), vertex('b', '[2/2] RUN make')),
    trace(vertex('a', '[1/2] FROM x', Buffer.of(32, 1), COMPLETED)),
    trace(vertex('b', '[2/2] RUN make', STARTED)),
    trace(log('b', 'one\r\ntwo\n')),
    trace(
      vertex(
        'b',
        '[2/2] RUN make',
        COMPLETED,
        field(7, 'process "/bin/sh -c make" did not complete successfully: exit code: 7'),
      ),
    ),
    { id: 'moby.image.id', aux: { ID: 'sha256:0' } },
    { stream: 'Successfully tagged x\n' },
  ])
  assert.equal(reports, [
    ['[1/2] FROM x', 1, 2, []],
    ['[2/2] RUN make', 1, 2, ['[2/2] RUN make']],
    ['[2/2] two', 1, 2, ['[2/2] two']],
    ['[2/2] two', 2, 2, []],
  ])
  assert.equal(output, [
    '#1 [1/2] FROM x',
    '#1 CACHED',
    '#2 [2/2] RUN make',
    '#2 one',
    '#2 two',
    '#2 ERROR: exit code: 7',
  ])
  assert.equal(progress.failure('failed to solve'), {
    sentence: '[2/2] RUN make: exit code: 7',
    step: 'RUN make',
    log: ['one', 'two'],
  })
})

test("BuildKit: a failure without a failed step is the engine's sentence", () => {
  const { progress } = reported(buildkitProgress, [trace(vertex('a', '[1/1] FROM x', COMPLETED))])
  assert.equal(progress.failure('unknown instruction'), { sentence: 'unknown instruction', log: [] })
})

test('BuildKit: every line once, in whatever pieces it comes, of whichever step', () => {
  const { output, progress } = reported(buildkitProgress, [
    trace(vertex('a', '[a 1/1] RUN x', STARTED), vertex('b', '[b 1/1] RUN y', STARTED)),
    trace(log('a', 'hel'), log('b', 'other\n')),
    trace(log('a', 'lo\n\n10%\r50%\r100%\nhalf')),
    trace(vertex('b', '[b 1/1] RUN y', COMPLETED)),
    trace(vertex('a', '[a 1/1] RUN x', COMPLETED, field(7, 'exit code: 1'))),
    trace(vertex('a', '[a 1/1] RUN x', COMPLETED, field(7, 'exit code: 1'))),
  ])
  const expected = ['#1 [a 1/1] RUN x', '#2 [b 1/1] RUN y', '#2 other', '#1 hello', '#1 100%', '#2 DONE 0.0s']
  assert.equal(output, [...expected, '#1 half', '#1 ERROR: exit code: 1'])
  assert.equal(progress.failure('').log, ['hello', '100%', 'half'])
})

const DOCKERFILE = `# RUN false
FROM x AS a
RUN --mount=type=cache,target=/c one && \\
    # why
    two
COPY a /
RUN false
RUN false
`

test('the line of the Dockerfile that failed', () => {
  const line = (sentence: string, step?: string) =>
    failedLine({ name: 'Dockerfile', text: DOCKERFILE }, { sentence, ...(step !== undefined && { step }) })?.line
  assert.is(line('', 'RUN one && two'), 3)
  assert.is(line('', 'RUN --mount=type=cache,target=/c one &&     two'), 3)
  assert.is(line('', 'copy a /'), 6)
  assert.is(line('', 'RUN false'), undefined, 'there are two')
  assert.is(line('dockerfile parse error on line 2: unknown instruction'), 2)
  assert.is(line('something on line 2 of a program', 'COPY a /'), 6)
})

test('classic builder: its words, in any pieces', () => {
  const { reports, output, progress } = reported(classicProgress, [
    { stream: 'Step 1/2 : FROM x' },
    { stream: '\n' },
    { stream: ' ---> abc\nStep 2/2 : RUN make\nhel' },
    { stream: 'lo\n' },
    { aux: { ID: 'sha256:0' } },
  ])
  assert.equal(reports, [
    ['[1/2] FROM x', 0, 2, ['[1/2] FROM x']],
    ['[1/2] ---> abc', 0, 2, ['[1/2] ---> abc']],
    ['[2/2] RUN make', 1, 2, ['[2/2] RUN make']],
    ['[2/2] hello', 1, 2, ['[2/2] hello']],
  ])
  assert.equal(output, ['Step 1/2 : FROM x', ' ---> abc', 'Step 2/2 : RUN make', 'hello'])
  assert.equal(progress.failure('exit code 1'), {
    sentence: '[2/2] RUN make: exit code 1',
    step: 'RUN make',
    log: ['hello'],
  })
})

test('protocol buffers: what is written is read', () => {
  const strings = fc.dictionary(
    fc.integer({ min: 1, max: 3000 }).map(String),
    fc.string({ minLength: 1, unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(strings, (values) => {
      const fields = readFields(writeFields(values as Record<number, string>))
      for (const [number, value] of Object.entries(values)) assert.is(text(fields, Number(number)), value)
      assert.is(fields.size, Object.keys(values).length)
    }),
  )
})

test('protocol buffers: fields of other kinds are stepped over', () => {
  const bytes = Buffer.concat([
    Buffer.of(8, 0xff, 0x01),
    Buffer.of(17, ...Buffer.alloc(8)),
    Buffer.of(29, 0, 0, 0, 0),
    field(4, 'x'),
  ])
  assert.is(text(readFields(bytes), 4), 'x')
  assert.equal(readFields(bytes).get(1), [255])
})

test('protocol buffers: half a message is refused', () => {
  const whole = field(1, field(2, 'content'))
  assert.is(messages(readFields(whole), 1).length, 1)
  for (let length = 1; length < whole.length; length++) {
    assert.throws(() => readFields(whole.subarray(0, length)))
  }
})

test.run()
