import type { DeviceMapping } from '../../stack/model.ts'

/**
 * Whether a device is a Container Device Interface name (`vendor.com/class=name`) rather than a path. Source:
 * https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md
 */
export function isNamedDevice({ source, target }: DeviceMapping): boolean {
  return /^[a-z][\w.-]*\/[a-z][\w.-]*=[\w.:-]+$/i.test(source) && (target === undefined || target === source)
}
