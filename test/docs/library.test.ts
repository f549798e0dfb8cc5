import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { standInEngine } from '../../scripts/lib/stand-in-engine.mjs'

const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/library.md'), 'utf8')
const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []

const STACK = 'name: shop\nservices:\n  db: { image: "app:1" }\n  web: { image: "app:1", depends_on: [db] }\n'

test('the example of docs/library.md runs as it stands there', async () => {
  const folder = mkdtempSync(join(root, 'node_modules/.flotilla-example-'))
  const engine = standInEngine('app:1').listen(join(folder, 'engine.sock'))
  try {
    await once(engine, 'listening')
    writeFileSync(join(folder, 'compose.yaml'), STACK)
    const index = JSON.stringify(join(root, 'src/index.ts'))
    writeFileSync(join(folder, 'example.mts'), example.replace("'flotilla'", index))
    const env = { ...process.env, DOCKER_HOST: `unix://${join(folder, 'engine.sock')}`, XDG_STATE_HOME: folder }
    const options = { cwd: folder, env, encoding: 'utf8' } as const
    const ran = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'example.mts'], options)
    assert.is(ran.stderr, '')
    const lines = ran.stdout.trim().split('\n')
    assert.ok(lines.includes('up'), ran.stdout)
    assert.ok(lines.includes('shop-db-1 is running') && lines.includes('shop-web-1 is running'), ran.stdout)
    assert.ok(lines.includes('waiting for flotilla up'), ran.stdout)
    assert.ok(lines.includes('0 and 0 steps'), ran.stdout)
    assert.ok(
      lines.some((line) => line.startsWith('done: remove')),
      ran.stdout,
    )
  } finally {
    engine.close()
    engine.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('docs/library.md names every option of openProject', () => {
  const options = readFileSync(join(root, 'src/library/options.ts'), 'utf8')
  const [, fields = ''] = /interface OpenProjectOptions \{([\s\S]*?)\n\}/.exec(options) ?? []
  const names = [...fields.matchAll(/^ {2}(\w+)\??[:(]/gm)].map(([, name = '']) => name)
  assert.ok(names.includes('directory') && names.includes('onNotice'))
  assert.equal(
    names.filter((name) => !text.includes(`\`${name}\``)),
    [],
  )
})

test.run()
