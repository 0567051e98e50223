import app
from jarvis.api.openapi import document
from jarvis.api.operation import OPERATIONS
from jarvis.web import manual

MANUAL = manual.read(document(), "http://jarvis.test")
ALL = {item.anchor: item for _, items in MANUAL.groups for item in items}


def test_it_works() -> None:
    assert len(ALL) == len(OPERATIONS) >= len(app.OPERATIONS)  # importing app declares them
    assert {(item.method, item.path) for item in ALL.values()} == {
        (item.method, "/api/v1" + item.path.replace("<", "{").replace(">", "}")) for item in OPERATIONS
    }


def test_an_example_names_the_place_of_an_id_in_capitals() -> None:
    assert ALL["show_deployment"].curl == (
        'curl \\\n  -H "Authorization: Bearer $JARVIS_TOKEN" \\\n  http://jarvis.test/api/v1/deployments/ID'
    )


def test_an_example_sends_the_body_as_json() -> None:
    assert """--json '{"artifact_id": """ in ALL["create_deployment"].curl


def test_an_upload_is_streamed_from_a_file() -> None:
    assert "-X POST -T site.zip" in ALL["upload_artifact"].curl
    assert "'http://jarvis.test/api/v1/artifacts?filename=site.zip'" in ALL["upload_artifact"].curl


def test_events_are_asked_for_as_a_stream() -> None:
    assert "Accept: text/event-stream" in ALL["workflow_events"].curl


def test_kinds_of_values_are_said_in_words() -> None:
    kinds = {field.name: field.kind for field in ALL["upload_artifact"].parameters}
    assert kinds["type"] == "one of zip, tar, directory, single_file"
    shapes = {shape.name: {field.name: field for field in shape.fields} for shape in MANUAL.shapes}
    assert shapes["DeploymentRow"]["domain"].kind == "text or null"
    assert (shapes["Deployments"]["items"].kind, shapes["Deployments"]["items"].shape) == (
        "list of",
        "DeploymentRow",
    )


def test_every_shape_that_is_named_is_explained() -> None:
    names = {shape.name for shape in MANUAL.shapes}
    named = {field.shape for shape in MANUAL.shapes for field in shape.fields if field.shape}
    answers = {shape.name for item in ALL.values() for _, shape, _ in item.answers if shape}
    assert named | answers <= names
