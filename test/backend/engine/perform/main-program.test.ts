import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { belowInit, isPreparing, mainProcess } from '../../../../src/backend/engine/perform/ready/main-program.ts'
import { afterTables } from '../../../../src/backend/engine/perform/ready/sockets.ts'

/** As the kernel prints it: words that end with NULs, then the numbers of the children. */
const printed = (words: string[], children: number[]) =>
  words.map((word) => `${word}\0`).join('') + children.map((pid) => `${pid} `).join('')

interface Case {
  main: string
  /** Below an init: of its first child. */
  below?: string
  is: boolean
}

const CASES: Record<string, Case> = {
  'a server alone': { main: printed(['postgres'], []), is: false },
  'a server with workers': { main: printed(['nginx: master process'], [7, 8, 9]), is: false },
  'a script that has come to its server': { main: printed(['sh', '-c', 'migrate && serve'], [7]), is: false },
  'a script at work beside one': { main: printed(['sh', '-c', 'serve & migrate'], [7, 8]), is: true },
  'an entrypoint at work beside one': { main: printed(['/bin/bash', '/entrypoint.sh', 'serve'], [7, 8]), is: true },
  'a login shell at work beside one': { main: printed(['-sh'], [7, 8]), is: true },
  'another program that has begun two': { main: printed(['node', 'serve.js'], [7, 8]), is: false },
  'below an init, a server with workers': {
    main: printed(['/sbin/docker-init', '--', 'gunicorn'], [7]),
    below: printed(['gunicorn'], [8, 9]),
    is: false,
  },
  'below an init, a script that has given way to its server': {
    main: printed(['/sbin/docker-init', '--', 'sh', '-c', 'x'], [7]),
    below: printed(['serve'], []),
    is: false,
  },
  'below an init, a script at work': {
    main: printed(['tini', '--', 'sh'], [7]),
    below: printed(['sh', '-c', 'x'], [8, 9]),
    is: true,
  },
  'below an init, a script at work beside a daemon': {
    main: printed(['tini', '--', 'sh'], [7, 9]),
    below: printed(['sh', '-c', 'x'], [8]),
    is: true,
  },
  'a kernel that does not list children': { main: printed(['sh', '-c', 'x'], []), is: false },
}

for (const [name, { main, below = '', is }] of Object.entries(CASES)) {
  test(`${name}: ${is ? 'preparing' : 'not preparing'}`, () => {
    const first = mainProcess(main)
    assert.is(belowInit(first) !== undefined, below !== '')
    assert.is(isPreparing(first, below === '' ? undefined : mainProcess(below)), is)
  })
}

test('the line after the tables is the main process, however many lines its script has', () => {
  const tables =
    '  sl  local_address\nNum       RefCount Protocol Flags    Type St Inode Path\n0000000000000000: 2 /run/x\n'
  const script = printed(['sh', '-c', 'one\ntwo: 0A\n'], [7])
  assert.equal(mainProcess(afterTables(tables + script)), { words: ['sh', '-c', 'one\ntwo: 0A\n'], children: [7] })
})

test.run()
