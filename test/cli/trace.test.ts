import { runInThisContext } from 'node:vm'
import { transform } from 'esbuild'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sourceTrace } from '../../src/cli/trace.ts'

const SOURCE = `function fails(word: string): never {
  throw new Error(word)
}
function calls(): void {
  fails('broken')
}
calls()
`

test('a trace in the bundled program leads to the sources', async () => {
  const options = { loader: 'ts', minify: true, sourcemap: 'external', sourcefile: '../../src/some/where.ts' } as const
  const { code, map } = await transform(SOURCE, options)
  const stack = stackOf(() => runInThisContext(code, { filename: 'program-1A2B3C4D.js' }))
  assert.match(stack, 'program-1A2B3C4D.js:1:')
  const places = sourceTrace(stack, map).match(/(?<=^ +at )src.*(?=:\d+$)/gm)
  assert.equal(
    places,
    [2, 5, 7].map((line) => `src/some/where.ts:${line}`),
  )
})

function stackOf(fails: () => void): string {
  try {
    fails()
    return 'nothing was thrown'
  } catch (error) {
    return (error as Error).stack ?? ''
  }
}

test.run()
