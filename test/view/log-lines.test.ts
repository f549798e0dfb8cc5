import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LogPrinter } from '../../src/view/log-lines.ts'
import { paletteOf } from '../../src/view/palette.ts'

const CYAN = '\u001b[36m'
const RESET = '\u001b[0m'
const STYLE = { prefix: true, timestamps: false }

const coloured = () => new LogPrinter(STYLE, paletteOf({ colours: 1 }), ['web-1', 'db-1'])

test('all containers of a service have its colour, and no two services have the same', () => {
  const printer = coloured()
  const colourOf = (name: string) => printer.line(name, 'x').slice(0, CYAN.length)
  assert.is(colourOf('web-1'), CYAN)
  assert.is(colourOf('web-12'), CYAN)
  assert.not.equal(colourOf('db-1'), CYAN)
})

test('a colour that a line leaves on ends with the line', () => {
  assert.ok(coloured().line('web-1', '\u001b[31mred').endsWith(`red${RESET}\n`))
  assert.not.match(coloured().line('web-1', 'plain'), RESET)
})

test('piped output is unchanged', () => {
  const printer = new LogPrinter({ ...STYLE, prefix: false }, paletteOf({ colours: 0 }))
  assert.is(printer.line('web-1', '\u001b[31mred'), '\u001b[31mred\n')
})

test.run()
