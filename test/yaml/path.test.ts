import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formatPath } from '../../src/yaml/tree.ts'

const cases: [(string | number)[], string][] = [
  [[], ''],
  [['services', 'web', 'ports', 0, 'target'], 'services.web.ports[0].target'],
  [['labels', 'com.example.a'], 'labels."com.example.a"'],
  [['a b', ''], '"a b".""'],
]

test('paths read as users write them', () => {
  for (const [path, text] of cases) assert.is(formatPath(path), text)
})

test.run()
