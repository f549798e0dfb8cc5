import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type PullMessage, pullProgress } from '../../../src/docker/adapter/pull-progress.ts'

function reported(messages: PullMessage[]) {
  const reports: unknown[][] = []
  const add = pullProgress((...report) => reports.push(report))
  for (const message of messages) add(message)
  return reports
}

const downloading = (id: string, current: number, total: number) => ({
  id,
  status: 'Downloading',
  progressDetail: { current, total },
})

test('bytes are summed over all layers, and never go back', () => {
  const reports = reported([
    { status: 'Pulling from library/x', id: 'latest' },
    { status: 'Already exists', id: 'a' },
    { status: 'Pulling fs layer', id: 'b' },
    { status: 'Pulling fs layer', id: 'c' },
    downloading('b', 10, 100),
    downloading('c', 5, 50),
    downloading('c', 50, 50),
    { id: 'c', status: 'Download complete' },
    downloading('b', 100, 100),
    { id: 'b', status: 'Verifying Checksum' },
    { id: 'b', status: 'Extracting', progressDetail: { current: 1, total: 100 } },
    { id: 'b', status: 'Pull complete' },
    { id: 'c', status: 'Pull complete' },
    { status: 'Digest: sha256:0' },
  ])
  assert.equal(reports, [
    ['downloading, 0 of 1 layers'],
    ['downloading, 0 of 2 layers'],
    ['downloading, 0 of 2 layers', 10, 100],
    ['downloading, 0 of 2 layers', 15, 150],
    ['downloading, 0 of 2 layers', 60, 150],
    ['downloading, 0 of 2 layers', 150, 150],
    ['extracting, 0 of 2 layers', 150, 150],
    ['extracting, 1 of 2 layers', 150, 150],
    ['extracting, 2 of 2 layers', 150, 150],
  ])
})

test.run()
