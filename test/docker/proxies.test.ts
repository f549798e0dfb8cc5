import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { proxyVariables } from '../../src/docker/proxies.ts'
import { withFolder } from '../support/folder.ts'

const HOST = 'tcp://engine.example:2376'

function variables(config: unknown, host?: string): Promise<Record<string, string>> {
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  return withFolder({ 'config.json': text }, async (folder) => proxyVariables(folder, host))
}

test('the proxies of an engine, or else the default ones, in capitals and small letters', async () => {
  const proxies = {
    default: { httpProxy: 'http://a', noProxy: 'x,y' },
    [HOST]: { httpsProxy: 'http://b', allProxy: '' },
  }
  const plain = { HTTP_PROXY: 'http://a', http_proxy: 'http://a', NO_PROXY: 'x,y', no_proxy: 'x,y' }
  assert.equal(await variables({ proxies }, 'unix:///var/run/docker.sock'), plain)
  assert.equal(await variables({ proxies }), plain)
  assert.equal(await variables({ proxies }, HOST), { HTTPS_PROXY: 'http://b', https_proxy: 'http://b' })
})

test('a configuration of any other shape says nothing', async () => {
  for (const config of [
    '',
    '{',
    '[]',
    'null',
    { proxies: [] },
    { proxies: { default: 'x' } },
    { proxies: { default: { httpProxy: 5 } } },
  ])
    assert.equal(await variables(config), {})
  assert.equal(await variables({ proxies: {} }, '__proto__'), {})
  assert.equal(await withFolder({}, async (folder) => proxyVariables(`${folder}/none`, undefined)), {})
})

test.run()
