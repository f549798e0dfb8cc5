import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadText } from '../support.ts'

const { spanOf } = loadText(`services:
  web:
    image: nginx
    labels: {a.b: one, a: two}
    ports:
      - 80
      - "81:81"
    environment: [A=1]
`)

const PLACES: [path: string, line: number, col: number][] = [
  ['services.web.image', 3, 12],
  ['services.web', 2, 3],
  ['services.web.labels.a.b', 4, 19],
  ['services.web.labels.a', 4, 27],
  ['services.web.ports', 5, 5],
  ['services.web.ports[1]', 7, 9],
  ['services.web.ports.1.published', 7, 9],
  ['services.web.environment.A', 8, 19],
  ['services.web.healthcheck.test', 2, 3],
  ['services.gone.image', 1, 1],
]

for (const [path, line, col] of PLACES) {
  test(`${path} was written at ${line}:${col}`, () =>
    assert.equal([spanOf(path)?.line, spanOf(path)?.col], [line, col]))
}

test.run()
