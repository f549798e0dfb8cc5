import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Call, callOf, LAUNCHED_AS } from '../../../src/cli/plugin/call.ts'

const FROM_DOCKER = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker' }

const called = (argv: string[], env: Record<string, string> = FROM_DOCKER): Call =>
  callOf({ program: '/opt/flotilla/main.js', argv: [`${LAUNCHED_AS}compose`, ...argv], env })

/** What docker passes its plugin: what is left for flotilla, and the variables that docker's own flags become. */
const CASES: Record<string, [argv: string[], own: string[], env?: Record<string, string | undefined>]> = {
  'a command': [
    ['compose', 'up', '-d'],
    ['up', '-d'],
  ],
  'nothing but the name': [['compose'], []],
  'help of the plugin': [['help', 'compose'], ['help']],
  'help of a command': [
    ['help', 'compose', 'up'],
    ['help', 'up'],
  ],
  completion: [
    ['__complete', 'compose', 'up', ''],
    ['__complete', 'up', ''],
  ],
  "flags of docker's": [['-D', '--log-level', 'debug', 'compose', 'ps'], ['ps']],
  'a context': [['--context', 'lab', 'compose', 'ps'], ['ps'], { DOCKER_CONTEXT: 'lab', DOCKER_HOST: undefined }],
  'a context of the same name': [
    ['-c', 'compose', 'compose', 'ps'],
    ['ps'],
    { DOCKER_CONTEXT: 'compose', DOCKER_HOST: undefined },
  ],
  'the last host': [
    ['-H', 'tcp://a', '--host=tcp://b', 'compose', 'ps'],
    ['ps'],
    { DOCKER_HOST: 'tcp://b', DOCKER_CONTEXT: undefined },
  ],
  'a configuration': [['--config', '/c', 'compose', 'ps'], ['ps'], { DOCKER_CONFIG: '/c' }],
  certificates: [
    ['--tlsverify', '--tlscacert', '/x/ca.pem', '--tlscert', '/x/cert.pem', '--tlskey=/x/key.pem', 'compose', 'ps'],
    ['ps'],
    { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/x' },
  ],
  'flags of the plugin that docker has too': [
    ['compose', '-H', 'x', '--context', 'y'],
    ['-H', 'x', '--context', 'y'],
  ],
  "another plugin's": [
    ['flotilla', 'ps'],
    ['flotilla', 'ps'],
  ],
}

for (const [name, [argv, own, env = {}]] of Object.entries(CASES))
  test(`docker calls a plugin: ${name}`, () => {
    const { calledAs: _, ...call } = called(argv)
    assert.equal(call, { plugin: 'compose', argv: own, env: { ...FROM_DOCKER, ...env } })
  })

/** The words that a user types before flotilla's own part, so that advice can repeat them. */
const TYPED: [argv: string[], typed: string][] = [
  [['compose', 'up'], 'docker compose'],
  [['--context', 'my lab', '-D', 'compose', 'up'], "docker --context 'my lab' -D compose"],
  [['--host=tcp://b', 'help', 'compose'], 'docker --host=tcp://b compose'],
]

for (const [argv, typed] of TYPED) test(`a user types: ${typed}`, () => assert.is(called(argv).calledAs, typed))

test('certificates that one folder does not hold under their names are refused', () => {
  const refusal = (...flags: string[]) => called([...flags, 'compose', 'ps']).refusal?.code
  assert.is(refusal('--tlscacert', '/x/ca.pem', '--tlskey', '/y/key.pem'), 'usage')
  assert.is(refusal('--tlscert', '/x/mine.pem'), 'usage')
  assert.is(refusal('--tlscert', '/x/cert.pem'), undefined)
})

test('a law: without docker every argument is flotilla’s, under whatever name it is called', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('compose', '-H', 'help', '--'))), (argv) => {
      const call = { plugin: 'compose', calledAs: 'docker-compose', argv, env: {} }
      assert.equal(called(argv, {}), call)
      assert.equal(callOf({ program: '/bin/docker-compose', argv, env: {} }), call)
      assert.equal(callOf({ program: '/bin/flotilla', argv, env: {} }), { argv, env: {} })
    }),
  )
})

test('a law: what follows the name is left as it is', () => {
  const words = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('compose', '-H', '-c', '--tls', '--', 'help', '__complete')),
  )
  fc.assert(
    fc.property(words, (words) => {
      assert.equal(called(['compose', ...words]).argv, words)
      assert.equal(called(['-D', '-H', 'unix:///x', 'compose', ...words]).argv, words)
    }),
  )
})

test.run()
