import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadText } from '../support.ts'

const services = (body: string) => loadText(`services:\n  a: { image: x, ${body} }\n`).stack.services.a

test('zero values of their types say nothing', () => {
  const bare = services('')
  const zeros = [
    'hostname: ""',
    'privileged: false',
    'mem_limit: 0',
    'cap_add: []',
    'labels: {}',
    'deploy: { resources: {} }',
  ]
  assert.equal(services(zeros.slice(0, -1).join(', ')), bare)
  assert.equal(services(zeros.at(-1) ?? ''), services('deploy: {}'))
})

test('some zero values say something', () => {
  const said = services('init: false, scale: 0, user: "0", entrypoint: [], healthcheck: { interval: 0s }')
  assert.equal([said?.init, said?.scale, said?.user, said?.entrypoint], [false, 0, '0', []])
  assert.equal(said?.healthcheck, { interval: '0s' })
})

test('keys that users choose are not keys of the schema', () => {
  const labels = { constructor: '', toString: '', privileged: 'false' }
  const said = loadText(`services: { a: { image: x, labels: ${JSON.stringify(labels)} } }`)
  assert.equal(said.stack.services.a?.labels, labels)
})

test.run()
