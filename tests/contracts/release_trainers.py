"""One step of the trainer that a release is for. Run by the Python of an environment of its own, not by pytest.

Arguments: the folder of a release, its format, its form. Prints one JSON document; leaves with a traceback where a trainer refuses rows.
The model is tiny and random, its tokenizer made of the rows themselves: nothing is fetched.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.update(
    HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", CUDA_VISIBLE_DEVICES="", TOKENIZERS_PARALLELISM="false", WANDB_DISABLED="true"
)

_ROWS = 4
_LONGEST = 4_096  # tokens; the policy at the head of a run alone has two thousand
_TEMPLATE = (
    "{% if tools %}<|tools|>{{ tools | tojson }}\n{% endif %}"
    "{% for message in messages %}<|{{ message['role'] }}|>"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for part in message['content'] or [] %}"
    "{% if part['type'] == 'image' %}<image>{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}"
    "{% for call in message['tool_calls'] or [] %}{{ call['function']['name'] }}({{ call['function']['arguments'] }}){% endfor %}<|end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_SIDE, _PATCH = 32, 8  # pixels of the images that the tiny model sees
_SHAPE = {
    "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
    "max_position_embeddings": _LONGEST,
}  # fmt: skip


def trained(folder: Path, format_name: str, form: str, out: Path) -> dict[str, Any]:
    """Train one step on the first rows, and say what came of it."""
    import datasets  # type: ignore[import-not-found] # in the trainers' environment alone
    import torch  # type: ignore[import-not-found] # in the trainers' environment alone
    import transformers  # type: ignore[import-not-found] # in the trainers' environment alone
    import trl  # type: ignore[import-not-found] # in the trainers' environment alone

    datasets.disable_progress_bars()
    transformers.logging.set_verbosity_error()
    torch.manual_seed(1)
    started = time.perf_counter()
    rows = datasets.load_dataset(str(folder), cache_dir=str(out / "cache"))["train"]
    some = rows.select(range(min(_ROWS, len(rows))))
    tokenizer = _tokenizer(transformers, [json.dumps(row, default=str) for row in some])
    trainer = _trainer(trl, transformers, format_name, some, tokenizer, str(out / "run"))
    before = [parameter.detach().clone() for parameter in trainer.model.parameters()]
    done = trainer.train()
    moved = any(not torch.equal(one, other) for one, other in zip(before, trainer.model.parameters(), strict=True))
    return {
        "trainer": type(trainer).__name__,
        "form": form,
        "rows": len(rows),
        "columns": sorted(rows.column_names),
        "images": sum(map(len, some["images"])) if "images" in rows.column_names else 0,
        "steps": done.global_step,
        "loss": done.training_loss,
        "moved": moved,
        "seconds": round(time.perf_counter() - started, 1),
        "versions": {one.__name__: one.__version__ for one in (torch, trl, transformers, datasets)},
    }


def _tokenizer(transformers: Any, texts: list[str]) -> Any:
    import tokenizers

    special = ["<|pad|>", "<|end|>", "<image>", *(f"<|{role}|>" for role in ("system", "user", "assistant", "tool", "tools"))]
    whole = tokenizers.Tokenizer(tokenizers.models.BPE())
    whole.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    whole.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    whole.train_from_iterator(texts, tokenizers.trainers.BpeTrainer(vocab_size=2_000, special_tokens=special, initial_alphabet=alphabet))
    made = transformers.PreTrainedTokenizerFast(tokenizer_object=whole, pad_token="<|pad|>", eos_token="<|end|>")
    made.chat_template = _TEMPLATE
    return made


def _trainer(trl: Any, transformers: Any, format_name: str, rows: Any, tokenizer: Any, out: str) -> Any:
    common = {
        "output_dir": out, "max_steps": 1, "per_device_train_batch_size": 2, "use_cpu": True, "bf16": False, "report_to": [],
        "disable_tqdm": True, "save_strategy": "no", "learning_rate": 1e-2, "logging_strategy": "no",
    }  # fmt: skip
    config = transformers.LlamaConfig(vocab_size=len(tokenizer), pad_token_id=tokenizer.pad_token_id, **_SHAPE)

    seeing = "images" in rows.column_names
    reads = _processor(transformers, tokenizer) if seeing else tokenizer
    length = None if seeing else _LONGEST  # to cut a text would tear its image apart

    def model() -> Any:
        return _seeing_model(transformers, config, tokenizer) if seeing else transformers.LlamaForCausalLM(config)

    match format_name:
        case "trl-preference":
            args = trl.DPOConfig(**common, max_length=length)
            return trl.DPOTrainer(model(), model(), args=args, train_dataset=rows, processing_class=reads)
        case "trl-kto":
            args = trl.KTOConfig(**common, max_length=length)
            return trl.KTOTrainer(model(), model(), args=args, train_dataset=rows, processing_class=reads)
        case "trl-prompt-completion" | "openai-chat" | "mistral-chat":
            args = trl.SFTConfig(**common, max_length=length)
            return trl.SFTTrainer(model(), args=args, train_dataset=rows, processing_class=reads)
        case "trl-reward":
            config.num_labels = 1
            judge = transformers.LlamaForSequenceClassification(config)
            args = trl.RewardConfig(**common, max_length=_LONGEST)
            return trl.RewardTrainer(judge, args=args, train_dataset=rows, processing_class=tokenizer)
        case "trl-stepwise":
            return _step_trainer(transformers, config, rows, tokenizer, common)
    raise ValueError(f"no trainer takes {format_name}")


def _processor(transformers: Any, tokenizer: Any) -> Any:
    pixels = transformers.CLIPImageProcessor(size={"shortest_edge": _SIDE}, crop_size={"height": _SIDE, "width": _SIDE})
    return transformers.LlavaProcessor(
        image_processor=pixels, tokenizer=tokenizer, patch_size=_PATCH, vision_feature_select_strategy="default",
        chat_template=_TEMPLATE, image_token="<image>", num_additional_image_tokens=1,
    )  # fmt: skip


def _seeing_model(transformers: Any, config: Any, tokenizer: Any) -> Any:
    """A tiny Llava."""
    eye = transformers.CLIPVisionConfig(
        hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=_SIDE, patch_size=_PATCH
    )
    whole = transformers.LlavaConfig(
        vision_config=eye, text_config=config, image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_select_strategy="default", vision_feature_layer=-1,
    )  # fmt: skip
    return transformers.LlavaForConditionalGeneration(whole)


def _step_trainer(transformers: Any, config: Any, rows: Any, tokenizer: Any, common: dict[str, Any]) -> Any:
    """TRL 1.16 has no trainer of its own for steps: a label on the last token of each, as its PRMTrainer put it."""
    config.num_labels = 2

    def laid_out(row: dict[str, Any]) -> dict[str, list[int]]:
        ids, labels = tokenizer(row["prompt"])["input_ids"], []
        labels += [-100] * len(ids)
        for step, good in zip(row["completions"], row["labels"], strict=True):
            more = tokenizer(step + "\n")["input_ids"]
            ids, labels = ids + more, labels + [-100] * (len(more) - 1) + [int(good)]
        return {"input_ids": ids[-_LONGEST:], "labels": labels[-_LONGEST:]}

    told = rows.map(laid_out, remove_columns=rows.column_names)
    return transformers.Trainer(
        transformers.LlamaForTokenClassification(config),
        transformers.TrainingArguments(**common),
        data_collator=transformers.DataCollatorForTokenClassification(tokenizer),
        train_dataset=told,
        processing_class=tokenizer,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        told = trained(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(place))
    sys.stdout.write("\n" + json.dumps(told) + "\n")
