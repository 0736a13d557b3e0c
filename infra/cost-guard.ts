import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { Construct } from "constructs";

export interface CostGuardProps {
  readonly monthlyUsd: number;
  readonly email: string;
}

const WARN_AT_PERCENT = [80, 100];

/** Sends a mail if the account's costs of this month are forecast to reach, or have reached, the budget. */
export class CostGuard extends Construct {
  constructor(scope: Construct, id: string, { monthlyUsd, email }: CostGuardProps) {
    super(scope, id);
    new CfnBudget(this, "Budget", {
      budget: {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount: monthlyUsd, unit: "USD" },
      },
      notificationsWithSubscribers: WARN_AT_PERCENT.map((threshold, index) => ({
        notification: {
          notificationType: index === 0 ? "FORECASTED" : "ACTUAL",
          comparisonOperator: "GREATER_THAN",
          threshold,
          thresholdType: "PERCENTAGE",
        },
        subscribers: [{ subscriptionType: "EMAIL", address: email }],
      })),
    });
  }
}
