import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import {
  apkPackages,
  dpkgPackages,
  KINDS,
  packageChanges,
  packagesText,
  programPackages,
  readPackagesLock,
} from '../../src/lockfile/packages.ts'
import { turned } from '../backend/support.ts'

const STATUS = `Package: adduser
Status: install ok installed
Version: 3.152
Description: add and remove users
 Version: not this one

Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.41-12

Package: libc6
Status: install ok installed
Architecture: i386
Version: 2.41-12

Package: gone
Status: deinstall ok config-files
Version: 1
`

test('the status file of dpkg lists what is installed, once for each architecture', () => {
  assert.equal(dpkgPackages(STATUS), { adduser: '3.152', 'libc6:amd64': '2.41-12', 'libc6:i386': '2.41-12' })
  assert.equal(dpkgPackages('Package: base\nVersion: 1\n'), { base: '1' }, 'distroless images have no Status')
  assert.equal(dpkgPackages(''), {})
})

test("apk's database lists what is installed", () => {
  assert.equal(apkPackages('C:Q1x=\nP:musl\nV:1.2.5-r0\nF:lib\nR:x\n\nP:zlib\nV:1.3-r2\n\n'), {
    musl: '1.2.5-r0',
    zlib: '1.3-r2',
  })
})

test('lines of interpreters are packages under their normal names; the first of a name counts', () => {
  const lines = [
    'pip\tTyping_Extensions\t4.1',
    'pip\ttyping-extensions\t3.0',
    'r\tggplot2\t3.5.1',
    'conda\tca-certificates-2024.2.2-hbcca054_0',
  ]
  const found = programPackages([...lines, 'failed\tRscript', 'noise', ''])
  const packages = {
    pip: { 'typing-extensions': '4.1' },
    r: { ggplot2: '3.5.1' },
    conda: { 'ca-certificates': '2024.2.2-hbcca054_0' },
  }
  assert.equal(found, { packages, failed: ['Rscript'] })
})

const words = fc.oneof(
  fc.constantFrom('1.10', '1e3', 'yes', 'null', '__proto__', 'a b', '2026-12-01'),
  fc.string({ maxLength: 6 }),
)
const packages = fc.dictionary(fc.constantFrom(...KINDS), fc.dictionary(words, words, { noNullPrototype: true }), {
  noNullPrototype: true,
})
const images = fc.dictionary(words, fc.record({ content: words, packages }), { maxKeys: 3, noNullPrototype: true })

test('law: packages are read back as they were written; the order of keys does not matter', () => {
  fc.assert(
    fc.property(images, (all) => {
      const text = packagesText(all)
      assert.is(packagesText(turned(all)), text)
      const back = unwrap(readPackagesLock(text, '/p'))
      assert.equal(Object.keys(back).sort(), Object.keys(all).sort())
      for (const key of Object.keys(all))
        assert.equal(packageChanges(all[key]?.packages ?? {}, back[key]?.packages ?? {}), [])
    }),
  )
})

test('law: changes between packages turn around', () => {
  fc.assert(
    fc.property(packages, packages, (one, other) => {
      const back = packageChanges(other, one).map(({ from, to, ...rest }) => ({ ...rest, from: to, to: from }))
      assert.equal(
        packageChanges(one, other).map(({ from, to, ...rest }) => ({ ...rest, from, to })),
        back,
      )
      assert.equal(packageChanges(one, one), [])
    }),
  )
})

test('a file that is no list of packages is refused with its place', () => {
  for (const text of [
    '',
    '[]',
    'images: {}',
    'flotilla-packages: 2\nimages: {}',
    'flotilla-packages: 1',
    '{'.repeat(3000),
  ])
    assert.not.ok(readPackagesLock(text, '/p').ok, text.slice(0, 20))
  assert.ok(readPackagesLock('flotilla-packages: 1\nimages: { a: 1, b: { pip: [], r: { x: 1 } } }', '/p').ok)
})

test.run()
