import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { error, warning } from '../../../src/diagnostics/diagnostic.ts'
import { errorLinesOf } from '../../../src/load/check/error-lines.ts'

const file = fc.constantFrom('a', 'b')
const span = fc
  .record({ file, line: fc.integer({ min: 1, max: 9 }), length: fc.nat(3) })
  .map(({ file, line, length }) => ({ file, line, col: 1, endLine: line + length, endCol: 2 }))
const problem = fc
  .tuple(fc.boolean(), fc.option(span, { nil: undefined }))
  .map(([isWrong, at]) => (isWrong ? error : warning)('invalid-value', 'x', at ? { at } : {}))

test('a span holds an error if one begins on its lines', () => {
  fc.assert(
    fc.property(fc.array(problem), span, (problems, at) => {
      const errors = problems.filter(({ severity }) => severity === 'error')
      const inside = errors.filter(
        (each) => each.at?.file === at.file && each.at.line >= at.line && each.at.line <= at.endLine,
      )
      const lines = errorLinesOf(problems)
      assert.is(lines.count, errors.length)
      assert.is(lines.isIn(at), inside.length > 0)
    }),
  )
})

test.run()
