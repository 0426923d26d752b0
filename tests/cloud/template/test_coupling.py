"""Who needs whom, read from templates: small ones by hand, and the shop's."""

import numpy as np
import pytest

from workbook.cloud.template import Edge, TemplateError, coupling, grants_of, read
from workbook.shop import ORCHESTRATED, TANGLED, TEMPLATE

SMALL = """
Resources:
  Book:
    Type: AWS::DynamoDB::Table
  Bus:
    Type: AWS::Events::EventBus
  ToTell:
    Type: AWS::SQS::Queue
  Dead:
    Type: AWS::SQS::Queue
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      Targets: [{Id: a, Arn: !GetAtt ToTell.Arn}]
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - LambdaInvokePolicy: {FunctionName: !Ref Charge}
        - SQSSendMessagePolicy: {QueueName: !GetAtt Dead.QueueName}
  Charge:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Version: "2012-10-17"
          Statement:
            Effect: Allow
            Action: [dynamodb:Query, dynamodb:PutItem]
            Resource: !GetAtt Book.Arn
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {Type: SQS, Destination: !GetAtt ToTell.Arn}
  Tell:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        One: {Type: SQS, Properties: {Queue: !GetAtt ToTell.Arn}}
"""


@pytest.fixture
def template(tmp_path):
    def written(text=SMALL):
        path = tmp_path / "template.yaml"
        path.write_text(text)
        return read(path)

    return written


def test_every_edge_of_a_small_template(template):
    assert coupling(template()).edges == (
        Edge("Charge", "Book", "reads"),
        Edge("Charge", "Book", "writes"),
        Edge("Charge", "ToTell", "writes"),
        Edge("Sell", "Charge", "invokes"),
        Edge("Tell", "ToTell", "hears"),
        Edge("ToTell", "Bus", "hears"),
    )


def test_nobody_needs_the_dead_letter_queue(template):
    assert "Dead" not in coupling(template()).elements


def test_who_needs_whom_goes_on_through_others(template):
    design = coupling(template())
    assert design.needs("Sell") == {"Sell", "Charge", "Book", "ToTell", "Bus"}
    assert design.needed_by("Bus") == {"Bus", "ToTell", "Tell", "Charge", "Sell"}
    with pytest.raises(KeyError, match="there is no 'Nobody'"):
        design.needs("Nobody")


def test_an_own_queue_folds_into_its_function(template):
    design = coupling(template()).folded()
    assert design.others == ("Book", "Bus")
    assert Edge("Charge", "Tell", "sends") in design.edges
    assert Edge("Tell", "Bus", "hears") in design.edges


@pytest.mark.parametrize("path", [TEMPLATE, ORCHESTRATED, TANGLED])
def test_the_numbers_are_densities_of_the_visibility_matrix(path):
    """By powers of the matrix, as MacCormack and others define it."""
    design = coupling(read(path))
    place = {name: number for number, name in enumerate(design.elements)}
    size = len(place)
    direct = np.eye(size, dtype=int)
    for edge in design.edges:
        direct[place[edge.source], place[edge.target]] = 1
    visible = np.linalg.matrix_power(direct, size) > 0
    assert design.propagation_cost == pytest.approx(visible.mean())
    functions = len(design.functions)
    assert design.blast_radius == pytest.approx(visible[:functions, :functions].mean())


def test_as_many_functions_and_a_different_number():
    simple, complicated = (coupling(read(path)) for path in (TEMPLATE, TANGLED))
    assert len(simple.functions) == len(complicated.functions) == 9
    assert not simple.invocations
    assert simple.blast_radius == pytest.approx(1 / 9)
    assert complicated.blast_radius > 3 * simple.blast_radius
    assert complicated.propagation_cost > 2 * simple.propagation_cost


def test_a_design_without_an_edge(template):
    design = coupling(template()).without([("Sell", "Charge")])
    assert design.invocations == ()
    assert design.functions == ("Sell", "Charge", "Tell")
    with pytest.raises(ValueError, match="Tell does not need Book"):
        design.without([("Tell", "Book")])


def test_the_grants_of_a_function(template):
    found = grants_of(template().functions["Charge"])
    assert [(one.action, one.target) for one in found] == [
        ("dynamodb:Query", "Book"),
        ("dynamodb:PutItem", "Book"),
    ]


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("AdministratorAccess", "write out what"),
        ("{MagicPolicy: {Name: !Ref Book}}", "MagicPolicy is not known"),
        (
            "{Statement: {Effect: Allow, Action: 'dynamodb:Scan', Resource: '*'}}",
            "name the resource by !Ref",
        ),
    ],
)
def test_a_policy_that_cannot_be_told_is_refused(template, policy, reason):
    text = SMALL.replace(
        "      Events:\n        One:",
        f"      Policies: [{policy}]\n      Events:\n        One:",
    )
    with pytest.raises(TemplateError, match=reason):
        coupling(template(text))
