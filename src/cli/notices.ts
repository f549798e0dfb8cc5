import type { Notice } from '../project/notice.ts'
import { shortName } from '../stack/address.ts'
import type { View } from '../view/contract.ts'

/** Shows a notice as a problem or a sentence. */
export function showNotice(view: View, notice: Notice): void {
  if (notice.kind === 'problems') view.problems(notice.problems)
  else view.say(sentence(notice))
}

const DOING = { stop: 'stopping', creation: 'creating', removal: 'removing' }

function sentence(notice: Exclude<Notice, { kind: 'problems' }>): string {
  switch (notice.kind) {
    case 'waiting-for-command': {
      const { holder } = notice
      return `Waiting for ${holder ? `flotilla ${holder.command} (process ${holder.pid})` : 'another flotilla'}`
    }
    case 'waiting-for-engine':
      return `Waiting for ${notice.name}, which the engine is still ${DOING[notice.work]} for an earlier command`
    case 'slow-engine':
      return `Waiting: ${notice.text}`
    case 'interference':
      return `${notice.containers.map(shortName).join(', ')}: removed or stopped by someone else meanwhile; planning again`
  }
}
