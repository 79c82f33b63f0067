"""The same network and the same training step in PyTorch, for comparing with `trainer bench`.

    python3 trainer/bench/pytorch.py [--device cpu|cuda] [--threads N] [--sizes 64,112,224] [--batch 16] [--seconds 5] [--tf32] [--amp]

Prints one line of JSON for each size: images a second of labels alone, of labels and attention, and of a whole DACL step
(forward, backward, SGD with momentum and weight decay, moving centres). Needs torch and nothing else. --amp lets a GPU compute in 16 bits
where PyTorch holds that to be safe, with the loss scaled against underflow.
"""

import argparse
import contextlib
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

CLASSES, WIDTH = 7, 512


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class Dacl(nn.Module):
    def __init__(self, size):
        super().__init__()
        stages, inputs = [], 64
        for outputs, stride in [(64, 1), (128, 2), (256, 2), (512, 2)]:
            stages += [Block(inputs, outputs, stride), Block(outputs, outputs, 1)]
            inputs = outputs
        self.trunk = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1), *stages
        )
        flat = 512 * (-(-size // 32)) ** 2
        self.encoder = nn.Sequential(
            nn.Linear(flat, 1024), nn.BatchNorm1d(1024), nn.ReLU(),
            nn.Linear(1024, 512), nn.BatchNorm1d(512), nn.ReLU(),
            nn.Linear(512, 64), nn.BatchNorm1d(64), nn.Tanh(),
            nn.Linear(64, 2 * WIDTH),
        )
        self.fc = nn.Linear(512, CLASSES)

    def forward(self, x, attention=True):
        feature_map = self.trunk(x)
        features = feature_map.mean((2, 3))
        if not attention:
            return features, self.fc(features), None
        pairs = self.encoder(feature_map.flatten(1)).view(-1, WIDTH, 2)
        return features, self.fc(features), pairs.softmax(2)[:, :, 1]


def median_seconds(step, seconds, wait):
    for _ in range(3):
        step()
    wait()
    times, started = [], time.perf_counter()
    while len(times) < 5 or time.perf_counter() - started < seconds:
        begin = time.perf_counter()
        step()
        wait()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def measure(size, batch, seconds, device, amp):
    wait = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    network = Dacl(size).to(device)
    pictures = torch.randn(batch, 3, size, size, device=device)
    labels = torch.arange(batch, device=device) % CLASSES
    centres = torch.randn(CLASSES, WIDTH, device=device)
    optimiser = torch.optim.SGD(network.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    # torch.amp has it from 2.3 on.
    new = hasattr(torch.amp, "GradScaler")
    scaler = torch.amp.GradScaler("cuda", enabled=amp) if new else torch.cuda.amp.GradScaler(enabled=amp)

    def sixteen_bits():
        return torch.autocast("cuda", torch.float16) if amp else contextlib.nullcontext()

    def answer(attention):
        with torch.no_grad(), sixteen_bits():
            network(pictures, attention)

    def train():
        with sixteen_bits():
            features, logits, attention = network(pictures)
        features, logits, attention = features.float(), logits.float(), attention.float()
        offsets = features - centres[labels]
        loss = F.cross_entropy(logits, labels) + 0.01 * (attention * offsets**2).sum() / (2 * batch)
        optimiser.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(optimiser)
        scaler.update()
        with torch.no_grad():
            member = F.one_hot(labels, CLASSES).float()
            centres.add_(0.5 * member.T @ (attention * offsets) / (1 + member.sum(0))[:, None])

    network.eval()
    speeds = {
        "labels": median_seconds(lambda: answer(False), seconds, wait),
        "labels-and-attention": median_seconds(lambda: answer(True), seconds, wait),
    }
    network.train()
    speeds["training"] = median_seconds(train, seconds, wait)
    return {"input_size": size, "batch": batch, **{work: round(batch / time, 1) for work, time in speeds.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=0, help="0 leaves PyTorch's own choice")
    parser.add_argument("--sizes", default="64,112,224")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--tf32", action="store_true", help="let tensor cores round to 10 bits of mantissa")
    parser.add_argument("--amp", action="store_true", help="float16 where PyTorch holds it to be safe; for --device cuda")
    options = parser.parse_args()
    if options.amp and options.device != "cuda":
        parser.error("--amp is for --device cuda")
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = options.tf32
    torch.backends.cudnn.allow_tf32 = options.tf32
    print(json.dumps({"torch": torch.__version__, "device": options.device, "threads": torch.get_num_threads()}))
    for size in map(int, options.sizes.split(",")):
        print(json.dumps(measure(size, options.batch, options.seconds, options.device, options.amp)), flush=True)


if __name__ == "__main__":
    main()
