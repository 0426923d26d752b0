"""The template's lint: clean on the shop's own, loud on each thing it is for."""

import pytest

from workbook.cloud.template import lint, read
from workbook.cloud.template.lint import RULES
from workbook.shop import ORCHESTRATED, TEMPLATE, TRACED

GOOD = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Timeout: 10, Handler: a.b}}
Resources:
  Dead: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
  Take:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: [{Effect: Allow, Action: dynamodb:PutItem, Resource: arn:aws:x}]
      Events:
        Order:
          Type: SQS
          Properties:
            Queue: !GetAtt Orders.Arn
            FunctionResponseTypes: [ReportBatchItemFailures]
"""
BROKEN = {
    "Orders: VisibilityTimeout 59 is less than 60": ("Timeout: 60", "Timeout: 59"),
    "Orders: VisibilityTimeout 30 is less than 60": (
        "      VisibilityTimeout: 60\n",
        "",
    ),
    "Orders: no RedrivePolicy": (
        "      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, "
        "maxReceiveCount: 5}\n",
        "",
    ),
    "Take: no ReportBatchItemFailures": (
        "            FunctionResponseTypes: [ReportBatchItemFailures]\n",
        "",
    ),
    "Take: a policy with a *": ("dynamodb:PutItem", "dynamodb:*"),
}


def complaints(text, tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(text)
    return lint(read(path))


@pytest.mark.parametrize("template", [TEMPLATE, TRACED, ORCHESTRATED])
def test_the_shops_own_templates_are_clean(template):
    assert lint(read(template)) == []


def test_a_good_template_has_no_complaint(tmp_path):
    assert complaints(GOOD, tmp_path) == []


@pytest.mark.parametrize("complaint", BROKEN)
def test_a_broken_template_has_the_one_complaint_it_deserves(tmp_path, complaint):
    old, new = BROKEN[complaint]
    assert GOOD.count(old) == 1
    assert complaints(GOOD.replace(old, new), tmp_path) == [complaint]


def test_a_functions_own_timeout_counts_and_three_seconds_without_one(tmp_path):
    slow = GOOD.replace("      Policies:", "      Timeout: 11\n      Policies:")
    assert complaints(slow, tmp_path) == [
        "Orders: VisibilityTimeout 60 is less than 66"
    ]
    quick = GOOD.replace("Timeout: 10, ", "").replace("Timeout: 60", "Timeout: 18")
    assert complaints(quick, tmp_path) == []


def test_a_template_without_functions_is_clean(tmp_path):
    assert complaints("Resources: {Q: {Type: AWS::SQS::Queue}}\n", tmp_path) == []


def test_each_rule_names_its_source():
    assert all("docs.aws.amazon.com/" in rule.__doc__ for rule in RULES)
