import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unitText } from '../../../src/command/keep/guard/systemd-unit.ts'

const INPUT = {
  project: 'lab',
  command: ['/usr/bin/node', '/opt/main.js', 'guard'],
  directory: '/srv/lab',
  environment: {},
}

test('words are quoted as systemd reads them', () => {
  const command = ['/usr/bin/node', '/srv/my lab/50%/compose.yaml', 'a"b\\c', '$HOME']
  const text = unitText({
    ...INPUT,
    command,
    directory: '/srv/50%',
    environment: { A: 'x y', B: '$z' },
    ofSystem: true,
  })
  assert.match(text, 'ExecStart=/usr/bin/node "/srv/my lab/50%%/compose.yaml" "a\\"b\\\\c" "$$HOME"\n')
  assert.match(text, 'Environment="A=x y"\nEnvironment="B=$z"\n')
  assert.match(text, 'WorkingDirectory=/srv/50%%\n')
})

test('one of a user begins with the user, one of the system after the engine', () => {
  const user = unitText({ ...INPUT, ofSystem: false })
  assert.match(user, 'WantedBy=default.target\n')
  assert.not.match(user, 'docker.service')
  assert.match(unitText({ ...INPUT, ofSystem: true }), 'After=docker.service\n')
})

test.run()
