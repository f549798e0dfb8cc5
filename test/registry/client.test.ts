import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Repository } from '../../src/registry/client.ts'
import type { RegistryCredentials } from '../../src/registry/credentials.ts'
import { RegistryError } from '../../src/registry/error.ts'
import { end, type SmallRegistry, type Twist, withRegistryAt, withSmallRegistry } from '../support/small-registry.ts'

function repositoryOf({ address }: SmallRegistry, credentials?: RegistryCredentials): Repository {
  const credentialsFor = async () => credentials
  return new Repository('lab', {
    registry: address,
    insecure: false,
    credentialsFor,
    signal: AbortSignal.timeout(20_000),
  })
}

async function kindOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'nothing'
  } catch (thrown) {
    if (thrown instanceof RegistryError) return thrown.kind
    throw thrown
  }
}

const MANIFEST = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }
const isAbout = (part: string, url = '') => url.includes(part)

const HOSTILE: Record<string, Twist> = {
  'a page in the place of a manifest': (_, response) => {
    end(response, 200, { 'content-type': 'text/html' }, '<html>')
    return true
  },
  'another digest than it promises': (_, response) => {
    end(response, 200, { ...MANIFEST, 'docker-content-digest': `sha256:${'0'.repeat(64)}` }, '{}')
    return true
  },
  'a redirect to itself': ({ url }, response) => {
    end(response, 302, { location: url ?? '' })
    return true
  },
  'a manifest without end': (_, response) => {
    response.writeHead(200, MANIFEST)
    const more = () => {
      if (!response.destroyed) response.write(Buffer.alloc(1 << 20), () => setImmediate(more))
    }
    more()
    return true
  },
}

for (const [name, twist] of Object.entries(HOSTILE)) {
  test(`${name} is refused`, async () => {
    await withSmallRegistry(async (registry) => {
      assert.is(await kindOf(repositoryOf(registry).manifest({ tag: '1' })), 'invalid')
    }, twist)
  })
}

test('a blob of another size or content is refused', async () => {
  await withSmallRegistry(async (registry) => {
    const { digest, size } = registry.blob('content', 'text/plain')
    const repository = repositoryOf(registry)
    assert.is(String(await repository.blob({ digest, size })), 'content')
    assert.is(await kindOf(repository.blob({ digest, size: size - 1 })), 'invalid')
    assert.is(await kindOf(repository.blob({ digest, size: size + 1 })), 'invalid')
    registry.blobs.set(digest, Buffer.from('another'))
    assert.is(await kindOf(repository.blob({ digest, size })), 'invalid')
  })
})

test('credentials answer a challenge, and go to nobody else', async () => {
  await withSmallRegistry(async (other) => {
    const { digest, size } = other.blob('content', 'text/plain')
    const twist: Twist = (request, response) => {
      if (!request.headers.authorization) end(response, 401, { 'www-authenticate': 'Basic realm="x"' })
      else if (isAbout('/blobs/', request.url))
        end(response, 307, { location: `http://${other.address}${request.url}` })
      else return undefined
      return true
    }
    await withSmallRegistry(async (registry) => {
      assert.is(await kindOf(repositoryOf(registry).blob({ digest, size })), 'denied')
      const repository = repositoryOf(registry, { username: 'me', password: 'secret' })
      assert.is(String(await repository.blob({ digest, size })), 'content')
      assert.is(registry.asked.at(-1)?.authorization, `Basic ${Buffer.from('me:secret').toString('base64')}`)
      assert.equal([...new Set(other.asked.map(({ authorization }) => authorization))], [undefined])
    }, twist)
  })
})

test('a token is asked for where the registry says, with the credentials', async () => {
  const twist: Twist = (request, response, { address }) => {
    const { authorization } = request.headers
    const realm = `Bearer realm="http://${address}/token",service="s",scope="repository:lab:pull"`
    if (isAbout('/token', request.url))
      end(response, 200, {}, JSON.stringify({ token: `for-${authorization?.slice(0, 5)}` }))
    else if (authorization !== 'Bearer for-Basic') end(response, 401, { 'www-authenticate': realm })
    else return undefined
    return true
  }
  await withSmallRegistry(async (registry) => {
    registry.store('lab', '1', {})
    const { bytes } = await repositoryOf(registry, { username: 'me', password: 'secret' }).manifest({ tag: '1' })
    assert.is(String(bytes), '{}')
    const path = registry.asked.find((each) => isAbout('/token', each.path))?.path
    assert.is(path, '/token?service=s&scope=repository%3Alab%3Apull')
    assert.is(await kindOf(repositoryOf(registry).manifest({ tag: '1' })), 'denied')
  }, twist)
})

test('a missing manifest and an unreachable registry are different errors', async () => {
  const gone = await withSmallRegistry(async (registry) => {
    assert.is(await kindOf(repositoryOf(registry).manifest({ tag: '1' })), 'missing')
    return registry
  })
  assert.is(await kindOf(repositoryOf(gone).manifest({ tag: '1' })), 'unreachable')
})

test('a registry is asked on ports that fetch refuses', async () => {
  await withRegistryAt([6000, 5060, 2049, 6665, 6666, 6667, 6668, 6669, 10080], async (registry) => {
    const thrown = await fetch(`http://${registry.address}/v2/`).then(
      () => undefined,
      ({ cause }) => cause.message,
    )
    assert.is(thrown, 'bad port')
    const { digest, size } = registry.blob('content', 'text/plain')
    assert.is(String(await repositoryOf(registry).blob({ digest, size })), 'content')
  })
})

test('the credentials for a token go to nobody else', async () => {
  const credentials = { username: 'me', password: 'secret' }
  await withSmallRegistry(
    async (other) => {
      const twist: Twist = ({ url }, response, { address }) => {
        if (isAbout('/token', url)) end(response, 307, { location: `http://${other.address}/token` })
        else end(response, 401, { 'www-authenticate': `Bearer realm="http://${address}/token"` })
        return true
      }
      await withSmallRegistry(async (registry) => {
        assert.is(await kindOf(repositoryOf(registry, credentials).manifest({ tag: '1' })), 'denied')
        assert.ok(registry.asked.find(({ path }) => isAbout('/token', path))?.authorization)
      }, twist)
      assert.equal(
        other.asked.map(({ authorization }) => authorization),
        [undefined],
      )
    },
    (_, response) => {
      end(response, 200, {}, JSON.stringify({ token: 'x' }))
      return true
    },
  )
})

test('blobs pass from one registry to another as they arrive', async () => {
  await withSmallRegistry(async (from) => {
    const content = 'x'.repeat(1 << 22)
    const { digest } = from.blob(content, 'text/plain')
    await withSmallRegistry(async (to) => {
      await repositoryOf(to).upload(digest, () => repositoryOf(from).open(digest))
      assert.is(String(to.blobs.get(digest)), content)
    })
  })
})

for (const hasBegun of [false, true]) {
  test(`an abort ends ${hasBegun ? 'an answer that has begun' : 'a request without an answer'}`, async () => {
    const abort = new AbortController()
    const twist: Twist = (_, response) => {
      if (hasBegun) response.writeHead(200, MANIFEST).write('{', () => setImmediate(() => abort.abort()))
      else abort.abort()
      return true
    }
    await withSmallRegistry(async ({ address }) => {
      const options = {
        registry: address,
        insecure: false,
        credentialsFor: async () => undefined,
        signal: abort.signal,
      }
      const pending = new Repository('lab', options).manifest({ tag: '1' })
      const isOver = await pending.then(
        () => false,
        () => true,
      )
      assert.ok(isOver)
    }, twist)
  })
}

test.run()
