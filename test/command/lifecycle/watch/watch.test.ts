import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withLab } from '../../support.ts'

const WATCH = [
  { path: './src', action: 'sync', target: '/src' },
  { path: './mounted/part', action: 'sync', target: '/other' },
]
const web = { image: 'web:1', volumes: ['./mounted:/mounted'], develop: { watch: WATCH } }
const FILES = { 'stack.yaml': JSON.stringify({ name: 'shop', services: { web, db: { image: 'web:1' } } }) }

test('a dry run names what would be watched, without what is mounted anyway, and changes nothing', async () => {
  await withLab(FILES, { images: { 'web:1': { cmd: ['serve'] } } }, async (own) => {
    const { code, err } = await own.run('--dry-run', 'watch')
    assert.is(code, 0)
    assert.match(err, `${own.directory}/src`)
    assert.equal(err.match(/would watch/g)?.length, 1)
    assert.match(err, 'warning[nothing-to-watch]')
    assert.equal(await own.engine.listContainers({}), [])
    assert.is((await own.run('--dry-run', 'watch', 'db')).code, 1)
  })
})

test.run()
