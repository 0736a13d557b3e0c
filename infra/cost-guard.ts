import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { Construct } from "constructs";

export interface CostGuardProps {
  readonly monthlyUsd: number;
  readonly email: string;
}

const WARN_AT_PERCENT = [80, 100];

/** Mails when the account's costs of this month reach, or are on the way to, the budget. */
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
