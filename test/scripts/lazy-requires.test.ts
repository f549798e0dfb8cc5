import { join } from 'node:path'
import { build } from 'esbuild'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lazyRequires, type StandIn } from '../../scripts/lazy-requires.mjs'

const CHALK: StandIn = { from: 'chalk/source/index.js', requires: ['#supports-color'], stand: 'colourless' }

/** What a build says that replaces these: nothing if it succeeds. */
async function failuresOf(standIns: StandIn[]): Promise<string[]> {
  const options = {
    stdin: { contents: "import 'chalk'", resolveDir: join(import.meta.dirname, '../..') },
    bundle: true,
    write: false,
    platform: 'node' as const,
    logLevel: 'silent' as const,
    plugins: [lazyRequires(standIns)],
  }
  return build(options).then(
    () => [],
    ({ errors }) => errors.map(({ text }: { text: string }) => text),
  )
}

test('a build replaces what packages require', async () => {
  assert.equal(await failuresOf([CHALK]), [])
})

test('a build fails if a file that it patches is gone, or requires something else', async () => {
  const gone: StandIn = { ...CHALK, from: 'chalk/source/gone.js' }
  const renamed: StandIn = { ...CHALK, requires: ['#supports-colour'] }
  for (const stale of [gone, renamed]) {
    const failures = await failuresOf([CHALK, stale])
    assert.is(failures.length, 1)
    assert.ok(failures[0]?.includes(stale.from) && failures[0].includes(stale.requires[0] ?? ''))
  }
})

test.run()
