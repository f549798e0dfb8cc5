import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isRemoteReference, parseRemoteReference } from '../../src/stack/remote-reference.ts'

test('the references of docker compose are taken, and paths are left alone', () => {
  const remote = [
    'oci://ghcr.io/me/lab:1',
    'https://example.org/lab.git',
    'https://example.org/lab.git#main:sub/compose.yaml',
    'http://example.org/lab.git?branch=main',
    'ssh://git@example.org/lab.git',
    'git://example.org/lab',
    'git@github.com:me/lab.git#v1',
    'github.com/me/lab',
  ]
  const local = [
    'compose.yaml',
    './github.com/x',
    '../oci',
    '/a/b.git',
    'https://example.org/x.yaml',
    'file:///x.git',
    'C:\\x.git',
    '-',
    'a@b',
  ]
  assert.equal(
    remote.filter((each) => !isRemoteReference(each)),
    [],
  )
  assert.equal(local.filter(isRemoteReference), [])
})

test('a reference has the parts that buildkit reads', () => {
  const git = (text: string) => {
    const parsed = parseRemoteReference(text)
    return typeof parsed === 'string' || parsed.kind === 'oci' ? parsed : [parsed.url, parsed.ref, parsed.path]
  }
  assert.equal(git('https://h.org/a.git#main:sub'), ['https://h.org/a.git', 'main', 'sub'])
  assert.equal(git('https://h.org/a.git#:sub'), ['https://h.org/a.git', undefined, 'sub'])
  assert.equal(git('https://h.org/a.git?tag=v1&subdir=x'), ['https://h.org/a.git', 'refs/tags/v1', 'x'])
  assert.equal(git('git@h.org:me/a.git#v1:x'), ['git@h.org:me/a.git', 'v1', 'x'])
  assert.equal(git('github.com/me/a#feature/b'), ['https://github.com/me/a', 'feature/b', undefined])
})

test('references that git or ssh would read as options, or that leave the repository, are refused', () => {
  const refused = [
    'https://h.org/a.git#--upload-pack=touch x',
    'https://h.org/a.git#-x',
    'https://h.org/a.git?ref=--upload-pack%3Dx',
    'ssh://-oProxyCommand=x/a.git',
    'ssh://-oProxyCommand=x@h.org/a.git',
    '-oProxyCommand@h.org:a.git',
    'git@h.org:-a.git',
    'https://h.org/a.git#main:../../etc',
    'https://h.org/a.git#main:/etc/passwd',
    'https://h.org/a.git#main:a\\..\\..\\b',
    'https://h.org/a.git#main:.git/config',
    'https://h.org/a.git#a b',
    'https://h.org/a.git#a..b',
    'https://h.org/a.git?commit=1234',
    'https://h.org/a.git?unknown=1',
  ]
  const taken = refused.filter((each) => isRemoteReference(each) && typeof parseRemoteReference(each) !== 'string')
  assert.equal(taken, [])
})

test.run()
