"""PyTorch on one CPU thread, as a peer of the benchmark: reads one command a line, {"work": ..., "count": ...}, does the
work that many times and answers {"ms": ...}. usage: pytorch.py 2-32-32-1 200

step: full-batch gradient descent. hvp: exact Hessian-vector product by double backward, with the graph of the gradient
kept. lanczos20: sharpness by Lanczos with full reorthogonalisation, the gradient included."""
import json
import sys
import time

import torch

LEARNING_RATE = 1e-3
LANCZOS_STEPS = 20

torch.set_num_threads(1)
torch.manual_seed(0)
sizes = [int(size) for size in sys.argv[1].split("-")]
examples = int(sys.argv[2])
inputs = torch.randn(examples, sizes[0])
targets = torch.randn(examples, sizes[-1])
parameters = []
for fan_in, fan_out in zip(sizes, sizes[1:]):
    parameters.append((torch.randn(fan_in, fan_out) / fan_in**0.5).requires_grad_())
    parameters.append(torch.zeros(fan_out, requires_grad=True))
direction = [torch.randn_like(p) for p in parameters]


def loss():
    a = inputs
    for weights, bias in zip(parameters[0:-2:2], parameters[1:-2:2]):
        a = torch.tanh(torch.addmm(bias, a, weights))
    a = torch.addmm(parameters[-1], a, parameters[-2])
    return 0.5 * (a - targets).square().sum() / examples


def step():
    gradient = torch.autograd.grad(loss(), parameters)
    with torch.no_grad():
        torch._foreach_add_(parameters, gradient, alpha=-LEARNING_RATE)


def gradient_graph():
    return torch.autograd.grad(loss(), parameters, create_graph=True)


def flatten(tensors):
    return torch.cat([t.reshape(-1) for t in tensors])


def unflatten(flat):
    pieces = flat.split([p.numel() for p in parameters])
    return [piece.view_as(p) for piece, p in zip(pieces, parameters)]


def product(gradient, v):
    return torch.autograd.grad(gradient, parameters, v, retain_graph=True)


def lanczos():
    gradient = gradient_graph()
    basis = torch.empty(LANCZOS_STEPS, sum(p.numel() for p in parameters))
    q = torch.randn(basis.shape[1])
    q /= q.norm()
    alpha, beta = torch.empty(LANCZOS_STEPS), torch.empty(LANCZOS_STEPS)
    for j in range(LANCZOS_STEPS):
        basis[j] = q
        w = flatten(product(gradient, unflatten(q)))
        alpha[j] = w @ q
        known = basis[: j + 1]
        for _ in range(2):
            w -= known.T @ (known @ w)
        beta[j] = w.norm()
        q = w / beta[j]
    tridiagonal = torch.diag(alpha) + torch.diag(beta[:-1], 1) + torch.diag(beta[:-1], -1)
    return torch.linalg.eigvalsh(tridiagonal)[-1].item()


def do(work, count):
    if work == "hvp":
        gradient = gradient_graph()
    begun = time.perf_counter()
    for _ in range(count):
        if work == "step":
            step()
        elif work == "hvp":
            product(gradient, direction)
        else:
            lanczos()
    return 1e3 * (time.perf_counter() - begun)


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    print(json.dumps({"ms": do(command["work"], command["count"])}), flush=True)
