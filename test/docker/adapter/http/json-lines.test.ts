import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { StrangeError } from '../../../../src/docker/adapter/http/body.ts'
import { jsonLines } from '../../../../src/docker/adapter/http/json-lines.ts'

async function valuesOf(...chunks: string[]): Promise<unknown[]> {
  const values: unknown[] = []
  const bytes = async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  for await (const value of jsonLines(bytes())) values.push(value)
  return values
}

test('lines are read wherever chunks end', async () => {
  assert.equal(await valuesOf('{"a":', '1}\n\n{"b"', ':[2]}\r\n', '{"c":3}'), [{ a: 1 }, { b: [2] }, { c: 3 }])
})

for (const [name, line] of [
  ['objects', `[${'{},'.repeat(200_000)}{}]`],
  ['lists', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
] as const) {
  test(`a line of many ${name} is refused before they are made`, async () => {
    const thrown = await valuesOf(`${line}\n`).catch((error) => error)
    assert.instance(thrown, StrangeError)
    assert.match(thrown.message, 'too many objects')
  })
}

test('a long line of few objects is read', async () => {
  const trace = 'x'.repeat(1_000_000)
  assert.equal(await valuesOf(`{"aux":"${trace}"}\n`), [{ aux: trace }])
})

test.run()
