import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../src/cli/write-whole.ts'
import { type Lab, lab } from './support.ts'

/** Advice is for copying: it names the program as it was called, and the stack that the command was about. */

const STACK = `services:
  web: {image: app, init: true, command: [sleep, "1000"]}
  db: {image: postgres, ports: ["5432"]}
`

const adviceTest = suite<{ lab: Lab }>('advice')
adviceTest.before.each((context) => {
  context.lab = lab({ 'other.yaml': STACK, 'broken.yaml': `services: {web: {image: ${'x: '.repeat(3)}}}` })
})
adviceTest.after.each((context) => context.lab.remove())

/** Commands that name another one, each in a way of its own: an error's hint, a note of a plan, a sentence, requested data. */
const NAMING: [argv: string[], name: string][] = [
  [['exec', 'web', 'true'], 'up -d web'],
  [['start'], 'up creates'],
  [['port', 'web', '80'], 'ps -a lists'],
  [['plan'], 'down$'],
  [['up', '-d'], 'down$'],
  [['open', 'web'], 'endpoints web'],
  [['status'], 'ps\\?'],
]

for (const [argv, words] of NAMING)
  for (const calledAs of ['flotilla', 'docker compose'])
    adviceTest(`${calledAs} ${argv.join(' ')}`, async ({ lab }) => {
      const options = calledAs === 'flotilla' ? {} : { calledAs }
      const { out, err } = await lab.begin(['-f', 'other.yaml', '-p', 'x', ...argv], options).ended
      assert.match(out + err, new RegExp(`${calledAs} -f other\\.yaml -p x ${words}`, 'm'))
      assert.not.match(out + err, /[\uFDD0-\uFDD2]/)
      if (calledAs !== 'flotilla') assert.not.match(out + err, /flotilla (?:up|ps|logs|down|help|endpoints)\b/)
    })

adviceTest('a saved plan holds the steps and the advice that are printed', async ({ lab }) => {
  const options = { calledAs: 'docker compose', writeFile: writeWhole }
  const argv = ['-f', 'other.yaml', 'plan', '--format', 'json', '--out', 'change.plan']
  const { out } = await lab.begin(argv, options).ended
  const { plan } = JSON.parse(readFileSync(join(lab.directory, 'change.plan'), 'utf8'))
  assert.equal(plan, JSON.parse(out))
  assert.match(JSON.stringify(plan), 'docker compose -f other.yaml down')
})

adviceTest.run()
