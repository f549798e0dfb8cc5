import { each, fields, number, text } from '../../util/shape.ts'
import type { PullOptions } from '../port.ts'

/** One line of the answer to a pull: about the layer `id`, or about the whole. */
export interface PullMessage {
  id?: string
  status?: string
  progressDetail?: { current?: number; total?: number }
  error?: string
  errorDetail?: { message?: string }
}

export const PULL_MESSAGE = fields({
  ...each('id status error', text),
  ...each('progressDetail', fields(each('current total', number))),
  ...each('errorDetail', fields(each('message', text))),
})

interface Layer {
  done: number
  total: number
  state: 'waiting' | 'downloading' | 'extracting' | 'complete'
}

const STATES: Record<string, Layer['state']> = {
  'Pulling fs layer': 'waiting',
  Waiting: 'waiting',
  Downloading: 'downloading',
  'Verifying Checksum': 'extracting',
  'Download complete': 'extracting',
  Extracting: 'extracting',
  'Pull complete': 'complete',
}

/** Sums the bytes of all layers. Layers that were there before have no part in it. */
export function pullProgress(report: PullOptions['onProgress']): (message: PullMessage) => void {
  const layers = new Map<string, Layer>()
  let last = ''
  return (message) => {
    const state = STATES[message.status ?? '']
    if (!message.id || !state) return
    layers.set(message.id, layerAfter(layers.get(message.id), state, message.progressDetail ?? {}))
    const { text, done, total } = summary([...layers.values()])
    const shown = `${text} ${done} ${total}`
    if (shown !== last) report(text, ...(total > 0 ? [done, total] : []))
    last = shown
  }
}

function layerAfter(
  before: Layer | undefined,
  state: Layer['state'],
  detail: { current?: number; total?: number },
): Layer {
  const { done, total } = before ?? { done: 0, total: 0 }
  if (state === 'downloading') return { state, done: detail.current ?? done, total: detail.total ?? total }
  if (state === 'waiting') return { state, done, total }
  return { state, done: total, total }
}

function summary(layers: Layer[]) {
  const sum = (key: 'done' | 'total') => layers.reduce((all, layer) => all + layer[key], 0)
  const complete = layers.filter((layer) => layer.state === 'complete').length
  const arriving = layers.some((layer) => layer.state === 'waiting' || layer.state === 'downloading')
  const text = `${arriving ? 'downloading' : 'extracting'}, ${complete} of ${layers.length} layers`
  return { text, done: sum('done'), total: sum('total') }
}
