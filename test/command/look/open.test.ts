import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { browserWords } from '../../../src/machine/browser.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  web: {image: app:1, ports: ["127.0.0.1:18080:80", "127.0.0.1:18081:8080"]}
  notebook: {image: app:1, ports: ["127.0.0.1:18888:8888"], environment: {JUPYTER_TOKEN: sesame-1}}
  db: {image: "postgres:17", ports: ["127.0.0.1:15432:5432"], environment: {POSTGRES_PASSWORD: x}}
  inner: {image: app:1}
`

async function opened(shop: Lab, ...argv: string[]) {
  const addresses: string[] = []
  const openBrowser = async (address: string) => addresses.push(address) > 0
  const ran = await shop.begin(['open', ...argv], { openBrowser }).ended
  return { ...ran, addresses }
}

test('open opens the first page of a service, or that of a port, and prints its address', async () => {
  await withLab({ 'stack.yaml': STACK }, { images: { 'app:1': {}, 'postgres:17': {} } }, async (shop) => {
    await shop.run('up', '-d')
    const cases: [argv: string[], address: string][] = [
      [['web'], 'http://127.0.0.1:18080'],
      [['web', '--port', '8080'], 'http://127.0.0.1:18081'],
      [['notebook'], 'http://127.0.0.1:18888/lab?token=sesame-1'],
    ]
    for (const [argv, address] of cases) {
      assert.equal(await opened(shop, ...argv), { code: 0, out: `${address}\n`, err: '', addresses: [address] })
      assert.equal((await opened(shop, ...argv, '--print')).addresses, [])
    }
    for (const argv of [['db'], ['inner'], ['nosuch'], ['web', '--port', '1']]) {
      const { code, out, addresses } = await opened(shop, ...argv)
      assert.equal([code, out, addresses], [1, '', []], argv.join(' '))
    }
  })
})

test('up -d says at a terminal where pages are, without what they log in with; nothing of it elsewhere', async () => {
  const images = { 'app:1': {}, 'postgres:17': {} }
  for (const isTTY of [true, false])
    for (const progress of ['auto', 'json', 'quiet']) {
      await withLab({ 'stack.yaml': STACK }, { images }, async (shop) => {
        const { code, out, err } = await shop.begin(['--progress', progress, 'up', '-d', 'web', 'notebook'], { isTTY })
          .ended
        const says = [18080, 18081, 18888].filter((port) => err.includes(`http://127.0.0.1:${port}`))
        assert.equal([code, out], [0, ''])
        assert.equal(says, isTTY && progress === 'auto' ? [18080, 18081, 18888] : [], `${progress} ${isTTY}`)
        assert.not.match(err, 'sesame-1')
      })
    }
})

test('there is a browser where there is a screen, or the user names one', () => {
  assert.is(browserWords({ platform: 'linux', env: {} }), undefined)
  assert.equal(browserWords({ platform: 'linux', env: { DISPLAY: ':0' } }), ['xdg-open'])
  assert.equal(browserWords({ platform: 'linux', env: { BROWSER: 'firefox' } }), ['firefox'])
  assert.equal(browserWords({ platform: 'darwin', env: {} }), ['open'])
})

test.run()
