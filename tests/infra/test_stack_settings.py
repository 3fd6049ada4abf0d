"""What a deployment may choose, and how a wrong choice is answered."""

import pytest

from infra.settings import Settings, SettingsError


def test_an_empty_context_gives_the_defaults():
    settings = Settings.from_context({"@aws-cdk/core:some-flag": True, "cli-telemetry": False})

    assert settings.stack_name == "Rotoscope"
    assert settings.engine == "control-structure"
    assert settings.bedrock_region == "us-west-2"
    assert settings.daily_cost_usd == 50
    assert settings.memory_ceiling_mb == 3008
    assert settings.results_days is None


def test_text_from_the_command_line_becomes_a_number():
    assert Settings.from_context({"memory_ceiling_mb": "4096"}).memory_ceiling_mb == 4096


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({"bedrock_region": "eu-west-1"}, ("bedrock_region", "eu-west-1", "us-west-2")),
        ({"engine": "sd15"}, ("engine", "sd15", "control-structure")),
        ({"engine": "sdxl"}, ("sdxl_endpoint",)),
        ({"engine": "sd35", "bedrock_region": "us-east-1"}, ("sd35", "us-west-2")),
        ({"sdxl_dialect": "jumpstart"}, ("sdxl_endpoint",)),
        ({"sdxl_endpoint": "arn:aws:sagemaker:x"}, ("sdxl_endpoint",)),
        ({"daily_cost_usd": "a lot"}, ("daily_cost_usd", "a lot", "number")),
        ({"memory_ceiling_mb": 20000}, ("memory_ceiling_mb", "20000", "10240")),
        ({"results_days": 0}, ("results_days", "0")),
        ({"bedrock_regoin": "us-west-2"}, ("bedrock_regoin", "bedrock_region")),
    ],
)
def test_a_wrong_choice_is_named_with_what_it_may_be(context, words):
    with pytest.raises(SettingsError) as refused:
        Settings.from_context(context)

    assert all(word in str(refused.value) for word in words)
    assert "pydantic" not in str(refused.value)
