import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type AskHelper, keyring } from '../../src/docker/auth.ts'
import { helperProcess } from '../../src/docker/credential-helper.ts'
import { withFolder } from '../support/folder.ts'

const HUB = 'https://index.docker.io/v1/'
const encoded = (text: string) => Buffer.from(text).toString('base64')
const nobody: AskHelper = async () => undefined

/** Helpers that know `helper-user` everywhere but at `unknown.example`. */
const helpers: AskHelper = async (helper, server) =>
  server === 'unknown.example' ? undefined : { Username: `${helper}-user`, Secret: server }

function lookUp(config: unknown, registry: string, ask: AskHelper = nobody) {
  return withFolder({ 'config.json': JSON.stringify(config) }, (folder) =>
    keyring(folder, ask).credentialsFor(registry),
  )
}

test('without a configuration, or with a broken one, there are no credentials', async () => {
  await withFolder({}, async (folder) =>
    assert.is(await keyring(folder, helpers).credentialsFor('x.example'), undefined),
  )
  await withFolder({ 'config.json': '{' }, async (folder) =>
    assert.is(await keyring(folder, helpers).credentialsFor('x.example'), undefined),
  )
})

test('values of a wrong type are ignored', async () => {
  const configs = [null, [], 3, { auths: 3 }, { auths: { 'x.example': null } }, { auths: { 'x.example': { auth: 5 } } }]
  for (const config of [...configs, { credHelpers: 'x', credsStore: {} }, { credHelpers: { 'x.example': 3 } }])
    assert.is(await lookUp(config, 'x.example', helpers), undefined, JSON.stringify(config))
})

test('a configuration that never ends has no credentials', async () => {
  await withFolder({}, async (folder) => {
    symlinkSync('/dev/zero', join(folder, 'config.json'))
    assert.is(await keyring(folder, helpers).credentialsFor('x.example'), undefined)
  })
})

test('credentials stand in the file, encoded; a password may have colons', async () => {
  const auths = { 'x.example': { auth: encoded('me:a:b') } }
  const expected = { username: 'me', password: 'a:b', serveraddress: 'x.example' }
  assert.equal(await lookUp({ auths }, 'x.example'), expected)
  assert.is(await lookUp({ auths }, 'y.example'), undefined)
})

test('old clients wrote addresses instead of hosts', async () => {
  const auths = { 'https://x.example:5000/v2/': { auth: encoded('me:pw') } }
  assert.is((await lookUp({ auths }, 'x.example:5000'))?.username, 'me')
})

test('Docker Hub has a special address', async () => {
  const auths = { [HUB]: { auth: encoded('me:pw') } }
  assert.equal(await lookUp({ auths }, 'docker.io'), { username: 'me', password: 'pw', serveraddress: HUB })
  assert.is((await lookUp({ credsStore: 'desktop' }, 'docker.io', helpers))?.password, HUB)
})

test('tokens', async () => {
  const auths = { 'x.example': { auth: encoded('me:'), identitytoken: 'abc' } }
  const fromFile = await lookUp({ auths }, 'x.example')
  assert.is(fromFile?.identitytoken, 'abc')
  const fromHelper = await lookUp({ credsStore: 's' }, 'x.example', async () => ({
    Username: '<token>',
    Secret: 'abc',
  }))
  assert.equal(fromHelper, { identitytoken: 'abc', serveraddress: 'x.example' })
})

test("a registry's own helper goes before the store, and that before the file", async () => {
  const config = {
    auths: { 'x.example': { auth: encoded('file-user:pw') }, 'unknown.example': { auth: encoded('file-user:pw') } },
    credsStore: 'store',
    credHelpers: { 'x.example': 'own' },
  }
  assert.is((await lookUp(config, 'x.example', helpers))?.username, 'own-user')
  assert.is((await lookUp(config, 'y.example', helpers))?.username, 'store-user')
  assert.is((await lookUp(config, 'unknown.example', helpers))?.username, 'file-user')
})

test('an entry without a secret, as stores leave them, is no credential', async () => {
  assert.is(await lookUp({ auths: { 'x.example': {} } }, 'x.example'), undefined)
})

test('all credentials, by server', async () => {
  const config = { auths: { 'x.example': { auth: encoded('me:pw') }, [HUB]: {} }, credHelpers: { 'y.example': 'own' } }
  await withFolder({ 'config.json': JSON.stringify(config) }, async (folder) => {
    const all = await keyring(folder, helpers).all()
    assert.equal(Object.keys(all).sort(), ['x.example', 'y.example'])
  })
})

test('a helper is run with the server on its input', async () => {
  const script = '#!/bin/sh\nread server\n[ "$1" = get ] && printf \'{"Username":"me","Secret":"%s"}\' "$server"\n'
  await withFolder(
    { 'docker-credential-works': script, 'docker-credential-fails': '#!/bin/sh\nexit 1\n' },
    async (PATH) => {
      const ask = helperProcess({ PATH: `${PATH}:${process.env.PATH}` })
      assert.equal(await ask('works', 'x.example'), { Username: 'me', Secret: 'x.example' })
      assert.is(await ask('fails', 'x.example'), undefined)
      assert.is(await ask('missing', 'x.example'), undefined)
    },
  )
})

test.run()
