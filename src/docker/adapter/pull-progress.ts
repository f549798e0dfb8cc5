import { each, fields, number, text } from '../../util/shape.ts'
import type { PullOptions } from '../port.ts'

/** One line of the answer to a pull or a push: about the layer `id`, or about the whole image. */
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
  state: 'waiting' | 'moving' | 'extracting' | 'complete'
}

interface Words {
  states: Readonly<Record<string, Layer['state']>>
  /** The name of the first phase. */
  moving: string
}

const PULL: Words = {
  moving: 'downloading',
  states: {
    'Pulling fs layer': 'waiting',
    Waiting: 'waiting',
    Downloading: 'moving',
    'Verifying Checksum': 'extracting',
    'Download complete': 'extracting',
    Extracting: 'extracting',
    'Pull complete': 'complete',
  },
}

const PUSH: Words = {
  moving: 'uploading',
  states: {
    Preparing: 'waiting',
    Waiting: 'waiting',
    Pushing: 'moving',
    Pushed: 'complete',
    'Layer already exists': 'complete',
  },
}

/** Sums the bytes of all layers. Layers that already exist do not count. */
export function pullProgress(report: PullOptions['onProgress']): (message: PullMessage) => void {
  return layerProgress(PULL, report)
}

/** Does the same for a push; layers that the registry already has count as sent. */
export function pushProgress(report: PullOptions['onProgress']): (message: PullMessage) => void {
  return layerProgress(PUSH, report)
}

function layerProgress({ states, moving }: Words, report: PullOptions['onProgress']) {
  const layers = new Map<string, Layer>()
  let last = ''
  return ({ id, status = '', progressDetail = {} }: PullMessage) => {
    const state = status.startsWith('Mounted from ') ? 'complete' : states[status]
    if (!id || !state) return
    layers.set(id, layerAfter(layers.get(id), state, progressDetail))
    const { text, done, total } = summary([...layers.values()], moving)
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
  if (state === 'moving') return { state, done: detail.current ?? done, total: detail.total ?? total }
  if (state === 'waiting') return { state, done, total }
  return { state, done: total, total }
}

function summary(layers: Layer[], moving: string) {
  const sum = (key: 'done' | 'total') => layers.reduce((all, layer) => all + layer[key], 0)
  const complete = layers.filter((layer) => layer.state === 'complete').length
  const isMoving = layers.some((layer) => layer.state === 'waiting' || layer.state === 'moving')
  const text = `${isMoving || moving === PUSH.moving ? moving : 'extracting'}, ${complete} of ${layers.length} layers`
  return { text, done: sum('done'), total: sum('total') }
}
