import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadFiles, placesOf, problemsIn } from '../support.ts'

/** Attributes of service `web` beside a declared `db`, and what is reported of them. */
const CASES: [attribute: string, places: string[]][] = [
  ['depends_on: [db]', []],
  ['depends_on: [bd]', ['unknown-service 4:18']],
  ['depends_on: {bd: {condition: service_started, required: false}}', ['unknown-service 4:18']],
  ['links: ["bd:alias"]', ['unknown-service 4:13']],
  ['network_mode: "service:bd"', ['unknown-service 4:19']],
  ['ipc: "service:bd"', ['unknown-service 4:10']],
  ['volumes_from: ["bd:ro", "container:any"]', ['unknown-service 4:20']],
  ['networks: [frnt]', ['unknown-resource 4:16']],
  ['networks: [front, default]', []],
  ['volumes: ["dta:/d", "./dta:/e", "/f"]', ['unknown-resource 4:15']],
  ['volumes: [{type: volume, source: dta, target: /d}]', ['unknown-resource 4:38']],
  ['secrets: [pw]', ['unknown-resource 4:15']],
  ['build: {context: "https://x.org", secrets: [pw]}', ['unknown-resource 4:49']],
  ['configs: [{source: c, target: /c}]', ['unknown-resource 4:24']],
  ['depends_on: [web]', ['dependency-cycle 4:18']],
  ['network_mode: host\n    networks: [front]', ['conflicting-keys 5:15']],
  ['scale: 2\n    deploy: {replicas: 3}', ['conflicting-keys 5:24']],
  ['scale: 2\n    deploy: {replicas: 2}', []],
  ['container_name: fixed\n    scale: 2', ['conflicting-keys 5:12']],
  ['container_name: fixed\n    scale: 1', []],
]

for (const [attribute, places] of CASES) {
  test(attribute.replaceAll('\n   ', ','), () => {
    const text = `services:\n  web:\n    image: nginx\n    ${attribute}\n  db: {image: db}\nnetworks: {front: }\nvolumes: {data: }\n`
    assert.equal(placesOf(loadFiles({ 'stack.yaml': text })), places)
  })
}

test('a near name is suggested', () => {
  const [problem] = problemsIn(
    loadFiles({ 'stack.yaml': 'services: {web: {image: x, depends_on: [databse]}, database: {image: x}}' }),
  )
  assert.match(problem?.hint ?? '', '"database"')
})

test('a part that was removed because of its own problem is not also reported as missing', () => {
  const text = 'services:\n  a: {image: x, depends_on: [b], networks: [n]}\n  b: nonsense\nnetworks:\n  n: nonsense\n'
  assert.equal(placesOf(loadFiles({ 'stack.yaml': text })), ['wrong-type 3:6', 'wrong-type 5:6'])
})

test('a misspelled image is reported once', () => {
  assert.equal(placesOf(loadFiles({ 'stack.yaml': 'services:\n  a: {imgae: x}\n' })), ['unknown-key 2:7'])
})

test('names are not checked where a file could not be read', () => {
  const text = 'include: [gone.yaml]\nservices: {a: {image: x, depends_on: [b]}}'
  assert.equal(placesOf(loadFiles({ 'stack.yaml': text })), ['file-missing 1:11'])
})

test.run()
