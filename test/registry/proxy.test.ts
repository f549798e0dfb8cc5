import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digestOf } from '../../src/registry/body.ts'
import { Repository } from '../../src/registry/client.ts'
import { RegistryError } from '../../src/registry/error.ts'
import { proxyFor } from '../../src/registry/proxy.ts'
import { withSmallProxy } from '../support/small-proxy.ts'
import { end, withSmallRegistry } from '../support/small-registry.ts'

type Environment = Record<string, string>

function chosen(url: string, env: Environment): string | undefined {
  return proxyFor(new URL(url), env)?.href
}

test('a proxy is chosen by the scheme, in capital or small letters', () => {
  const env = { HTTP_PROXY: 'http://plain:1', https_proxy: 'http://secure:2' }
  assert.is(chosen('http://reg.example/v2/', env), 'http://plain:1/')
  assert.is(chosen('https://reg.example/v2/', env), 'http://secure:2/')
  assert.is(chosen('https://reg.example/', { HTTPS_PROXY: '', https_proxy: 'secure:2' }), 'http://secure:2/')
  assert.is(chosen('https://reg.example/', { HTTP_PROXY: 'http://plain:1' }), undefined)
  assert.throws(() => chosen('https://reg.example/', { HTTPS_PROXY: 'a b' }), /HTTPS_PROXY/)
})

/** Rules of NO_PROXY, and the addresses that they keep from a proxy, and do not. */
const EXCEPTIONS: [rules: string, direct: string[], proxied: string[]][] = [
  ['', ['localhost', '127.0.0.1:5000', '[::1]:5000', '127.9.9.9'], ['reg.example', '10.0.0.1', '128.0.0.1']],
  ['*', ['reg.example', '10.0.0.1'], []],
  ['example', ['example', 'reg.example', 'a.reg.example:5000'], ['myexample', 'example.org']],
  ['.example', ['reg.example'], ['example', 'myexample']],
  ['*.example', ['reg.example'], ['example']],
  ['other, REG.Example ,more', ['reg.example'], ['reg.example.org']],
  ['reg.example:5000', ['reg.example:5000'], ['reg.example', 'reg.example:5001']],
  ['10.0.0.0/8', ['10.1.2.3', '10.1.2.3:5000'], ['11.0.0.1', 'ten.example']],
  ['10.0.0.1,192.168.1.1:5000', ['10.0.0.1', '192.168.1.1:5000'], ['10.0.0.2', '192.168.1.1']],
  ['fd00::/8,[fe80::1]:5000', ['[fd00::1]', '[fe80::1]:5000'], ['[fe80::1]', '[fe80::2]:5000']],
  ['10.0.0.0/99,/8,:5000,,[', [], ['10.0.0.1', 'reg.example:5000']],
]

for (const [rules, direct, proxied] of EXCEPTIONS)
  test(`NO_PROXY=${rules}`, () => {
    const isProxied = (host: string) =>
      chosen(`https://${host}/`, { HTTPS_PROXY: 'p:1', no_proxy: rules }) !== undefined
    for (const host of direct) assert.is(isProxied(host), false, host)
    for (const host of proxied) assert.is(isProxied(host), true, host)
  })

function repositoryAt(registry: string, env: Environment): Repository {
  const signal = AbortSignal.timeout(30_000)
  const credentialsFor = async () => undefined
  return new Repository('lab', {
    registry,
    insecure: true,
    credentialsFor,
    signal,
    proxyFor: (url) => proxyFor(url, env),
  })
}

test('a registry without encryption is asked through a proxy, uploads too', async () => {
  await withSmallRegistry((registry) =>
    withSmallProxy(registry.address, async (proxy) => {
      const repository = repositoryAt('reg.example:5000', { HTTP_PROXY: `http://me:pass%20word@${proxy.address}` })
      const content = Buffer.alloc(3_000_000, 'x')
      const digest = digestOf(content)
      await repository.upload(digest, async () => content)
      assert.equal(await repository.blob({ digest, size: content.length }), content)
      assert.ok(proxy.asked.length > 3)
      assert.ok(
        proxy.asked.every(({ line, user }) => /\S+ http:\/\/reg\.example:5000\//.test(line) && user === 'me:pass word'),
      )
      assert.ok(registry.asked.length >= proxy.asked.length)
    }),
  )
})

test('a failure of a proxy is an error with its address, without its password', async () => {
  await withSmallRegistry(
    async ({ address }) => {
      const failure = async (proxy: string) => {
        const thrown = await repositoryAt('reg.example', { HTTP_PROXY: proxy, HTTPS_PROXY: proxy })
          .has('blobs', 'x')
          .catch((error) => error)
        assert.instance(thrown, RegistryError)
        assert.is(thrown.kind, proxy.includes('nobody') ? 'refused' : 'unreachable')
        assert.not.match(thrown.message, 'hunter2')
      }
      await failure(`http://nobody:hunter2@${address}`)
      await failure(`socks5://me:hunter2@${address}`)
      await failure('http://me:hunter2@127.0.0.1:1')
    },
    (_, response) => {
      end(response, 407)
      return true
    },
  )
})

test.run()
