import type { DeviceMapping } from '../../stack/model.ts'

/**
 * Whether a device is a name of the Container Device Interface instead of a path: `vendor.com/class=name`.
 * Source: https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md
 */
export function isNamedDevice({ source, target }: DeviceMapping): boolean {
  return /^[a-z][\w.-]*\/[a-z][\w.-]*=[\w.:-]+$/i.test(source) && (target === undefined || target === source)
}
