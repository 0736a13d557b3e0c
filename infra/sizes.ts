/** The differences between an installation for tests, one for production, and a passive one in another region. */
export interface SizeProps {
  /** The first and the most workers. More workers do not increase the budget of an API. */
  readonly tasks: number;
  readonly mostTasks: number;
  readonly cpu: 256 | 512 | 1024;
  readonly memoryMiB: 512 | 1024 | 2048;
  /** 2: private subnets behind NAT gateways with fixed addresses. 0: public subnets. */
  readonly natGateways: 0 | 2;
  /** Shared state for several workers. */
  readonly sharedState: boolean;
  readonly alarms: boolean;
  /** Days of retention for log lines, archived events and messages. */
  readonly logDays: 7 | 30;
  readonly archiveDays: 1 | 3;
  readonly queueDays: 1 | 4;
}

export const sizes = {
  /** One worker, never two at once: without shared state each would use the whole budget. */
  dev: {
    ...{ tasks: 1, mostTasks: 1, cpu: 256, memoryMiB: 512, natGateways: 0 },
    ...{ sharedState: false, alarms: false, logDays: 7, archiveDays: 1, queueDays: 4 },
  },
  prod: {
    ...{ tasks: 2, mostTasks: 4, cpu: 512, memoryMiB: 1024, natGateways: 2 },
    ...{ sharedState: true, alarms: true, logDays: 30, archiveDays: 3, queueDays: 4 },
  },
  /** Another region, which only collects events: active workers in two regions would share a budget unknowingly. */
  secondary: {
    ...{ tasks: 0, mostTasks: 4, cpu: 512, memoryMiB: 1024, natGateways: 2 },
    ...{ sharedState: true, alarms: false, logDays: 7, archiveDays: 1, queueDays: 1 },
  },
} as const satisfies Readonly<Record<string, SizeProps>>;

export type Size = keyof typeof sizes;
