/** What differs between an installation to try, one to rely on, and a passive one elsewhere. */
export interface SizeProps {
  /** Workers at first, and at most. Budget does not grow with them: more only shorten the wait for Oracle. */
  readonly tasks: number;
  readonly mostTasks: number;
  readonly cpu: 256 | 512 | 1024;
  readonly memoryMiB: 512 | 1024 | 2048;
  /** Private subnets behind NAT gateways with fixed addresses, or public ones without. */
  readonly natGateways: 0 | 2;
  /** Shared state for several workers. */
  readonly sharedState: boolean;
  readonly alarms: boolean;
  /** Days that log lines, archived events and waiting messages are kept. */
  readonly logDays: 7 | 30;
  readonly archiveDays: 1 | 3;
  readonly queueDays: 1 | 4;
}

export const sizes = {
  /** One worker, never two at once: without shared state they would spend one budget twice. */
  dev: {
    ...{ tasks: 1, mostTasks: 1, cpu: 256, memoryMiB: 512, natGateways: 0 },
    ...{ sharedState: false, alarms: false, logDays: 7, archiveDays: 1, queueDays: 4 },
  },
  prod: {
    ...{ tasks: 2, mostTasks: 4, cpu: 512, memoryMiB: 1024, natGateways: 2 },
    ...{ sharedState: true, alarms: true, logDays: 30, archiveDays: 3, queueDays: 4 },
  },
  /** Another region that only collects: both at work would share one budget and know nothing of it. */
  secondary: {
    ...{ tasks: 0, mostTasks: 4, cpu: 512, memoryMiB: 1024, natGateways: 2 },
    ...{ sharedState: true, alarms: false, logDays: 7, archiveDays: 1, queueDays: 1 },
  },
} as const satisfies Readonly<Record<string, SizeProps>>;

export type Size = keyof typeof sizes;
